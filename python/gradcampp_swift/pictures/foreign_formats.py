"""What a file is that is no picture, or none that is decoded here, for a message that names it."""

from __future__ import annotations

_STARTS = (
    (b"\x89PNG", "a PNG that is damaged; copy or download it again"),
    (b"GIF8", "a GIF that is damaged; copy or download it again"),
    (b"II*\0", "a TIFF of a kind that Pillow does not decode"),
    (b"MM\0*", "a TIFF of a kind that Pillow does not decode"),
    (b"II+\0", "a BigTIFF of a kind that Pillow does not decode"),
    (b"%PDF", "a PDF; save its page as a picture"),
    (b"%!PS", "PostScript; save its page as a picture"),
    (b"8BPS", "a Photoshop file; save it as a picture"),
    (b"version https://git-lfs", "a pointer of Git LFS instead of the file; run git lfs pull"),
    (b"PK\x03\x04", "a ZIP archive; unpack it"),
    (b"\x1f\x8b", "a gzip archive; unpack it"),
    (b"\x89HDF", "an HDF5 file"),
    (b"\x93NUMPY", "an array of NumPy; load it with numpy.load"),
    (b"\xff\x0a", "a JPEG XL; convert it to JPEG or PNG"),
    (b"\0\0\0\x0cJXL ", "a JPEG XL; convert it to JPEG or PNG"),
)

_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
"""Of HEIF containers, as phones write them."""


def likeness(data: bytes) -> str:
    """Name what a file's bytes look like, with a remedy where there is one; empty for neither.

    Examples
    --------
    >>> likeness(b"<!DOCTYPE html><html>")
    'an HTML page; the download went wrong'
    """
    for start, name in _STARTS:
        if data.startswith(start):
            return name
    if data[4:8] == b"ftyp":
        if data[8:12] in _BRANDS:
            return "a HEIC; convert it to JPEG or PNG, or load a PIL image of it with pillow-heif"
        return "a video or an unknown ISO container; save a frame as a picture"
    if data[128:132] == b"DICM":
        return "a DICOM file; read its pixels with pydicom, and pass an array"
    text = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<!doctype html", b"<html")):
        return "an HTML page; the download went wrong"
    if b"<svg" in text:
        return "an SVG; render it as PNG"
    if b"\xff\xd8\xff" in data[1:1024]:
        return "a JPEG behind bytes that do not belong to it; copy or download it again"
    return ""
