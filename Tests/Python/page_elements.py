"""A page's elements, as a browser would see them."""

import html.parser

VOID = {"meta", "input", "img", "br"}


class Page(html.parser.HTMLParser):
    """Every element as (name, attributes, text within); elements must be well nested."""

    def __init__(self, text):
        super().__init__()
        self.elements = []
        self._open = []
        self.feed(text)
        self.close()
        assert not self._open

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        assert len(set(names)) == len(names)
        element = [tag, dict(attrs), ""]
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag):
        assert self._open.pop()[0] == tag

    def handle_data(self, data):
        for element in self._open:
            element[2] += data

    def all(self, tag, name=None):
        """Elements of a tag, and of a class where one is named, as (attributes, text)."""
        return [
            (attributes, text)
            for found, attributes, text in self.elements
            if found == tag and (name is None or attributes.get("class") == name)
        ]
