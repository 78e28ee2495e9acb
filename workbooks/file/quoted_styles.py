"""The style sheet of a workbook with twins of its styles for text that begins like a formula."""

from __future__ import annotations

from dataclasses import dataclass, field

from workbooks.file.xml_edit import Edits, read_tree, tag_with

PREFIX = {"quotePrefix": "1"}
"""What Excel itself notes of a text that was typed with an apostrophe."""


@dataclass
class QuotedStyles:
    """Hands out twins by number; ``done`` has those that were asked for."""

    xml: bytes
    twins: dict[int, int] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        root = read_tree(self.xml, depth=2)
        holder = root.child("cellXfs")
        self.holder = holder if holder is not None else root
        self.first = len(self.holder.children)

    def of(self, style: int) -> int:
        return self.twins.setdefault(style, self.first + len(self.twins))

    def done(self) -> bytes:
        """The style sheet; what nobody asked for is as it was."""
        if not self.twins:
            return self.xml
        edits, made = Edits(self.xml), list[bytes]()
        for style in self.twins:
            node = self.holder.children[style]
            made.append(
                tag_with(self.xml[node.start : node.opened], PREFIX) + self.xml[node.opened : node.end]
            )
        edits.append(self.holder, b"".join(made), {"count": str(self.first + len(self.twins))})
        return edits.done()
