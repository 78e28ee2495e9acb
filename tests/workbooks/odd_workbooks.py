"""Dossiers with what Excel and WPS put in and openpyxl would lose: pictures, text boxes, check boxes, comments."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tests.workbooks.raw import ROSTER_PART, SURVEY_PART, changed_parts
from workbooks.reproducible import unzipped, zipped

PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
VML = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/>'
    "</o:shapelayout>{shapes}</xml>"
)
CHECK_BOX = (
    '<v:shape id="_x0000_s1027" type="#_x0000_t201" style="position:absolute;width:60pt;height:18pt">'
    "<v:textbox><div><font>已核<br></font></div></v:textbox>"
    '<x:ClientData ObjectType="Checkbox"><x:Anchor>8, 0, 1, 0, 9, 0, 2, 0</x:Anchor><x:Row>1</x:Row>'
    "<x:Column>8</x:Column></x:ClientData></v:shape>"
)
NOTE = (
    '<v:shape id="_x0000_s1031" type="#_x0000_t202" style="position:absolute;visibility:hidden"><x:ClientData '
    'ObjectType="Note"><x:Anchor>4, 15, 2, 10, 6, 31, 6, 9</x:Anchor><x:Row>{row}</x:Row><x:Column>{column}</x:Column>'
    "</x:ClientData></v:shape>"
)
COMMENTS = (
    '<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><authors><author>村会计</author></authors>'
    '<commentList><comment ref="D4" authorId="0"><text><t>已电话核对</t></text></comment>'
    '<comment ref="B9" authorId="0"><text><r><t>户主外出</t></r></text></comment></commentList></comments>'
)
TEXT_BOX = (
    '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><xdr:absoluteAnchor><xdr:pos x="0" y="0"/>'
    '<xdr:ext cx="900000" cy="300000"/><xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="2" name="TextBox 1"/>'
    '<xdr:cNvSpPr txBox="1"/></xdr:nvSpPr><xdr:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="900000" cy="300000"/>'
    '</a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr><xdr:txBody><a:bodyPr/><a:p><a:r>'
    "<a:t>盖章处</a:t></a:r></a:p></xdr:txBody></xdr:sp><xdr:clientData/></xdr:absoluteAnchor></xdr:wsDr>"
)
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8cfc0f01f00050001ff"
    "89993d1d0000000049454e44ae426082"
)


def relations(**targets: tuple[str, str]) -> bytes:
    """By id: the last word of a type, and the target."""
    told = (
        f'<Relationship Id="{id_}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for id_, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{PACKAGE}">{"".join(told)}</Relationships>'.encode()


def typed(xml: str, types: Mapping[str, str]) -> str:
    told = (f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in types.items())
    return xml.replace(
        "</Types>", f'<Default Extension="png" ContentType="image/png"/>{"".join(told)}</Types>'
    )


def by_excel_and_wps(data: bytes) -> bytes:
    """``data`` with a WPS picture in a cell, a text box, a check box and a comment on the roster, one on D4 of all
    cells; a comment of somebody's stands on B9 too."""
    sheet = (
        f'<drawing xmlns:r="{OFFICE}" r:id="rId1"/><legacyDrawing xmlns:r="{OFFICE}" r:id="rId2"/>'
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f'<mc:Choice xmlns:r="{OFFICE}" Requires="x14"><controls><control shapeId="1027" r:id="rId4" name="核"/>'
        "</controls></mc:Choice></mc:AlternateContent></worksheet>"
    )
    types = {
        "xl/comments1.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml",
        "xl/drawings/drawing1.xml": "application/vnd.openxmlformats-officedocument.drawing+xml",
        "xl/drawings/vmlDrawing1.vml": "application/vnd.openxmlformats-officedocument.vmlDrawing",
        "xl/ctrlProps/ctrlProp1.xml": "application/vnd.ms-excel.controlproperties+xml",
        "xl/cellimages.xml": "application/vnd.wps-officedocument.cellimage+xml",
    }
    picture = ' t="str"><f>_xlfn.DISPIMG("ID_1",1)</f><v>=DISPIMG("ID_1",1)</v></c>'
    data = changed_parts(
        data,
        {
            ROSTER_PART: lambda xml: re.sub(
                r'<c r="T5"( s="\d+")[^>]*?(?:/>|>.*?</c>)', rf'<c r="T5"\1{picture}', xml, count=1
            ).replace("</worksheet>", sheet),
            "[Content_Types].xml": lambda xml: typed(xml, types),
        },
    )
    notes = NOTE.format(row=3, column=3) + NOTE.format(row=8, column=1).replace("1031", "1032")
    return zipped({
        **unzipped(data),
        "xl/worksheets/_rels/sheet2.xml.rels": relations(
            rId1=("drawing", "../drawings/drawing1.xml"),
            rId2=("vmlDrawing", "../drawings/vmlDrawing1.vml"),
            rId3=("comments", "/xl/comments1.xml"),
            rId4=("ctrlProp", "../ctrlProps/ctrlProp1.xml"),
        ),
        "xl/comments1.xml": COMMENTS.encode(),
        "xl/drawings/drawing1.xml": TEXT_BOX.encode(),
        "xl/drawings/vmlDrawing1.vml": VML.format(shapes=CHECK_BOX + notes).encode(),
        "xl/ctrlProps/ctrlProp1.xml": (
            b'<formControlPr xmlns="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" '
            b'objectType="CheckBox" checked="Checked"/>'
        ),
        "xl/cellimages.xml": b'<etc:cellImages xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData"/>',
        "xl/_rels/cellimages.xml.rels": relations(rId1=("image", "media/image1.png")),
        "xl/media/image1.png": PIXEL,
    })  # fmt: skip


def calculated(data: bytes) -> bytes:
    """The figures of annex 3 as formulas with what Excel had calculated last."""
    formula = "<f>COUNTA('附件2 花名册'!C4:C5003)</f><v>30</v></c>"
    cell = re.compile(r'<c r="C8"( s="\d+")[^>]*?>.*?</c>')
    return changed_parts(data, {SURVEY_PART: lambda xml: cell.sub(rf'<c r="C8"\1>{formula}', xml, count=1)})


def prefixed(xml: str) -> str:
    """Every name of the part's own vocabulary with a prefix."""
    return re.sub(r"<(/?)([A-Za-z])", r"<\1x:\2", xml).replace(" xmlns=", " xmlns:x=", 1)


def without_styles(data: bytes) -> bytes:
    parts = unzipped(data)
    del parts["xl/styles.xml"]
    sheets = {
        name: re.sub(rb' (?:s|style)="\d+"', b"", content)
        for name, content in parts.items()
        if "/sheet" in name
    }
    bare = zipped({**parts, **sheets})
    return changed_parts(
        bare,
        {
            "xl/_rels/workbook.xml.rels": lambda xml: re.sub(r"<Relationship [^>]*styles[^>]*/>", "", xml),
            "[Content_Types].xml": lambda xml: re.sub(r"<Override [^>]*styles[^>]*/>", "", xml),
        },
    )
