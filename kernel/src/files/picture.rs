//! Pictures: how large they are, and what was written beside them. A photo knows where and when it was
//! taken and by which telephone; a municipality's plan must not tell where somebody lives. Only what
//! draws the picture stays, with its colours and which side is up.

/// Width and height.
type Pixels = (u32, u32);

fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// A PNG without texts, times and camera data, nor anything behind its end; none: it is broken.
pub(super) fn png(bytes: &[u8]) -> Option<(Vec<u8>, Pixels)> {
    const DRAWS: [&[u8]; 13] = [
        b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB",
        b"cICP", b"bKGD", b"pHYs",
    ];
    let mut out = bytes.get(..8)?.to_vec();
    let mut at = 8;
    let mut pixels = None;
    let mut drawn = false;
    loop {
        let length = usize::try_from(be32(bytes, at)?).ok()?;
        let kind = bytes.get(at + 4..at + 8)?;
        let next = at.checked_add(12)?.checked_add(length)?;
        let chunk = bytes.get(at..next)?;
        match kind {
            b"IHDR" if pixels.is_none() => pixels = Some((be32(chunk, 8)?, be32(chunk, 12)?)),
            _ if pixels.is_none() => return None,
            b"IDAT" => drawn = true,
            _ => {}
        }
        if DRAWS.contains(&kind) {
            out.extend_from_slice(chunk);
        }
        if kind == b"IEND" {
            break;
        }
        at = next;
    }
    let pixels = pixels.filter(|(w, h)| *w > 0 && *h > 0)?;
    drawn.then_some((out, pixels))
}

/// A JPEG without camera data (Exif, XMP, IPTC, previews), comments, nor anything behind its end;
/// which side is up is kept. None: it is broken.
pub(super) fn jpeg(bytes: &[u8]) -> Option<(Vec<u8>, Pixels)> {
    let mut out = bytes.get(..2)?.to_vec();
    let mut rest = Vec::new();
    let (mut at, mut pixels, mut turned) = (2, None, 1);
    let mut drawn = false;
    loop {
        // A marker may be preceded by any number of FF.
        while bytes.get(at..at + 2)? == b"\xff\xff" {
            at += 1;
        }
        if *bytes.get(at)? != 0xff {
            return None;
        }
        let marker = *bytes.get(at + 1)?;
        if marker == 0xd9 {
            rest.extend_from_slice(b"\xff\xd9");
            break;
        }
        let length = usize::from(be16(bytes, at + 2)?);
        let end = at + 2 + length.max(2);
        let segment = bytes.get(at..end)?;
        let body = segment.get(4..)?;
        match marker {
            // Baseline and progressive; the others print nowhere.
            0xc0..=0xc2 if pixels.is_none() => {
                pixels = Some((u32::from(be16(body, 3)?), u32::from(be16(body, 1)?)));
            }
            0xe1 if body.starts_with(b"Exif\0\0") => {
                turned = orientation(body.get(6..)?).unwrap_or(1);
            }
            _ => {}
        }
        let draws = match marker {
            0xe0 | 0xee => true,
            0xe2 => body.starts_with(b"ICC_PROFILE\0"),
            0xe1..=0xef | 0xfe => false,
            _ => true,
        };
        if draws {
            rest.extend_from_slice(segment);
        }
        at = end;
        if marker == 0xda {
            drawn = true;
            let data = scan(bytes, at)?;
            rest.extend_from_slice(bytes.get(at..data)?);
            at = data;
        }
    }
    let (width, height) = pixels.filter(|(w, h)| *w > 0 && *h > 0 && drawn)?;
    if turned > 1 {
        out.extend(upright(turned));
    }
    out.extend(rest);
    let pixels = if turned >= 5 {
        (height, width)
    } else {
        (width, height)
    };
    Some((out, pixels))
}

/// Where the drawn data end: at the next marker that is no part of them.
fn scan(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at += bytes.get(at..)?.iter().position(|b| *b == 0xff)?;
        match *bytes.get(at + 1)? {
            0x00 | 0xd0..=0xd7 => at += 2,
            0xff => at += 1,
            _ => return Some(at),
        }
    }
}

/// Which side is up (1 to 8), out of Exif's first list.
fn orientation(tiff: &[u8]) -> Option<u8> {
    let little = match tiff.get(..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let u16_at = |at: usize| {
        let pair: [u8; 2] = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if little {
            u16::from_le_bytes(pair)
        } else {
            u16::from_be_bytes(pair)
        })
    };
    let first: [u8; 4] = tiff.get(4..8)?.try_into().ok()?;
    let first = if little {
        u32::from_le_bytes(first)
    } else {
        u32::from_be_bytes(first)
    };
    let first = usize::try_from(first).ok()?;
    for entry in 0..usize::from(u16_at(first)?) {
        let at = first.checked_add(2 + entry * 12)?;
        if u16_at(at)? == 0x0112 {
            return u8::try_from(u16_at(at.checked_add(8)?)?)
                .ok()
                .filter(|turned| (1..=8).contains(turned));
        }
    }
    None
}

/// Exif that says nothing but which side is up.
fn upright(turned: u8) -> [u8; 36] {
    let mut exif =
        *b"\xff\xe1\x00\x22Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0";
    exif[29] = turned;
    exif
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
        let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
        [&[0xff, marker], &length[..], body].concat()
    }

    /// As a telephone writes it: where it was, lying on its side, with a preview behind the end.
    fn photo(turned: u8) -> Vec<u8> {
        let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
        exif.extend([turned, 0, 0, 0]);
        exif.extend(b"GPS 35.0,135.0");
        [
            b"\xff\xd8".to_vec(),
            segment(0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"),
            segment(0xe1, &exif),
            segment(0xe1, b"http://ns.adobe.com/xap/1.0/\0<x:GPS/>"),
            segment(0xfe, b"taken at home"),
            segment(0xc0, b"\x08\0\x20\0\x40\x01\x01\x11\0"),
            segment(0xda, b"\x01\x01\0\0\x3f\0"),
            b"\x12\xff\x00\x34\xff\xd0\x56\xff\xd9".to_vec(),
            b"a video with its place".to_vec(),
        ]
        .concat()
    }

    #[test]
    fn a_photo_forgets_where_it_was_taken_and_keeps_which_side_is_up() {
        let (kept, pixels) = jpeg(&photo(6)).unwrap();
        assert_eq!(pixels, (32, 64), "looked at upright");
        let has = |what: &[u8]| kept.windows(what.len()).any(|w| w == what);
        assert!(!has(b"GPS") && !has(b"home") && !has(b"video"));
        assert!(kept.ends_with(b"\x12\xff\x00\x34\xff\xd0\x56\xff\xd9"));
        let (again, same) = jpeg(&kept).unwrap();
        assert_eq!((again, same), (kept, (32, 64)), "nothing more to take out");
        let (flat, pixels) = jpeg(&photo(1)).unwrap();
        assert_eq!(pixels, (64, 32));
        assert!(!flat.windows(4).any(|w| w == b"Exif"));
    }

    #[test]
    fn a_broken_picture_is_none_wherever_it_breaks() {
        let photo = photo(6);
        let end = photo.len() - b"a video with its place".len();
        for length in 0..end {
            assert!(jpeg(&photo[..length]).is_none(), "{length}");
        }
        let drawn = drawing();
        for length in 0..drawn.len() - 1 {
            assert!(png(&drawn[..length]).is_none(), "{length}");
        }
    }

    fn chunk(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len()).unwrap().to_be_bytes();
        [&length[..], kind, body, &[0; 4]].concat()
    }

    fn drawing() -> Vec<u8> {
        [
            b"\x89PNG\r\n\x1a\n".to_vec(),
            chunk(b"IHDR", b"\0\0\0\x05\0\0\0\x07\x08\x02\0\0\0"),
            chunk(b"tEXt", b"Author\0somebody"),
            chunk(b"eXIf", b"MM\0*"),
            chunk(b"IDAT", b"data"),
            chunk(b"IEND", b""),
        ]
        .concat()
    }

    #[test]
    fn a_drawing_keeps_only_what_draws_it() {
        let (kept, pixels) = png(&[drawing(), b"more".to_vec()].concat()).unwrap();
        assert_eq!(pixels, (5, 7));
        assert!(!kept.windows(8).any(|w| w == b"somebody"));
        assert!(kept.ends_with(&chunk(b"IEND", b"")));
    }
}
