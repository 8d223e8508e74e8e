"""Pages of HTML checked: well formed, with all they need inside."""

from html.parser import HTMLParser

VOID = {"meta", "img", "br", "link", "input", "hr"}


class Checked(HTMLParser):
    """Keeps the open tags, so that each end has its beginning."""

    def __init__(self):
        super().__init__()
        self.open, self.images, self.attributes, self.text = [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag == "img":
            self.images.append(dict(attrs))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def checked(text):
    parsed = Checked()
    parsed.feed(text)
    parsed.close()
    assert parsed.open == []
    assert "http" not in text
    assert "url(" not in text
    assert not any(name in ("href", "srcset", "action") for _tag, name, _value in parsed.attributes)
    assert all(each["src"].startswith("data:image/png;base64,") for each in parsed.images)
    return parsed
