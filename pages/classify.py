"""What is on this photograph, and which pixels made the network say so?"""

from cnnviz.ui import nav, show
from cnnviz.ui.photos import choose, photo_answer
from cnnviz.ui.photos.sections import go_on
from cnnviz.ui.pictures.changing import changed
from cnnviz.ui.pictures.choose import choose_picture
from cnnviz.ui.text import _

nav.guard()
show.heading(
    _("Photographs"),
    _(
        "A network trained on more than a million photographs names what it sees, out of 1,000 "
        "kinds of things; then it is asked why."
    ),
)
picture = changed(choose_picture(kind="photograph"))
with show.explained(), show.waiting(430):
    card = choose.choose_network()
    crop = choose.choose_crop()
    model = choose.model(card)
    if model is not None:
        answer = photo_answer(model, picture, crop)
        choose.show_answer(picture, answer)
        go_on(model, picture, answer)
