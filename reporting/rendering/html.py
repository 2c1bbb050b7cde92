"""stub"""


def render(document):
    raise NotImplementedError
