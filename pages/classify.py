"""What is on this photograph, and which pixels made the network say so?"""

from cnnviz.ui import cached_photos, nav, photos, show
from cnnviz.ui.photo_sections import go_on
from cnnviz.ui.picture import choose_picture
from cnnviz.ui.text import _

nav.guard()
show.heading(
    _("Photographs"),
    _(
        "A network trained on more than a million photographs names what it sees, out of 1,000 "
        "kinds of things; then it is asked why."
    ),
)
picture = choose_picture(kind="photograph")
with show.explained(), show.waiting(430):
    card = photos.choose_network()
    crop = photos.choose_crop()
    model = photos.model(card)
    if model is not None:
        answer = cached_photos.photo_answer(model, picture, crop)
        photos.show_answer(picture, answer)
        go_on(model, picture, answer)
