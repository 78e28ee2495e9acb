"""A visit to a village: whom one meets, counted and not named, and how many photos it may bring."""

from __future__ import annotations

from collections.abc import Mapping

from rules.refusals import Refused

MET: Mapping[str, str] = {
    "cadres": "村(社区)干部",
    "assistants": "就业协理员",
    "employed": "已就业人员",
    "unemployed": "登记失业人员",
    "hardship": "就业困难人员",
    "employers": "用人单位代表",
}
"""The roles of people met."""

MOST_MET = 999
MOST_PHOTOS = 40
"""Of one visit; so many show everything that there is to see."""
PHOTOS_AT_ONCE = 10
PHOTO_MEGABYTES = 12
LONGEST_POSITION = 100


def refuse_meeting(met: Mapping[str, int], position: str) -> Refused | None:
    """None when these people can have been met there."""
    odd = [
        MET.get(role, role) for role, number in met.items() if role not in MET or not 0 <= number <= MOST_MET
    ]
    if odd:
        return Refused("met", f"会见人数请填0至{MOST_MET}的整数：{'、'.join(odd)}。")
    if len(position) > LONGEST_POSITION:
        return Refused("position", f"位置请写在{LONGEST_POSITION}个字以内，可以只写地名，也可以不写。")
    return None


def refuse_photos(*, there: int, more: int) -> Refused | None:
    """None when ``more`` photos can come to those that are ``there``."""
    if more > PHOTOS_AT_ONCE:
        return Refused("photos_at_once", f"一次最多上传{PHOTOS_AT_ONCE}张照片，请分几次保存。这次没有保存。")
    if there + more > MOST_PHOTOS:
        left = MOST_PHOTOS - there
        return Refused(
            "too_many_photos", f"一次核查最多{MOST_PHOTOS}张照片，还可以上传{left}张。这次没有保存。"
        )
    return None


def refuse_photo(name: str, *, size: int, trouble: str) -> Refused | None:
    """None for a photo that can be kept; ``trouble`` is what its decoding found."""
    if size > PHOTO_MEGABYTES * 2**20:
        reason = f"照片“{name}”超过{PHOTO_MEGABYTES}MB，请用较低的分辨率拍摄。这次没有保存。"
        return Refused("photo_too_large", reason)
    if trouble == "too_many_pixels":
        return Refused("photo_pixels", f"照片“{name}”的像素过大，请用普通模式拍摄。这次没有保存。")
    if trouble:
        reason = (
            f"“{name}”不是可以显示的照片。请选JPEG或PNG格式的照片(手机相机请设为“兼容性最佳”)。这次没有保存。"
        )
        return Refused("not_a_photo", reason)
    return None
