//! The code on a reply slip: eight signs and one to check them, without signs that look alike when
//! written by hand or read out. Thirty-one signs, a prime, so that any one wrong sign and any two
//! swapped neighbours are noticed.

/// Crockford's letters and digits without 0.
const SIGNS: &[u8; 31] = b"123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Signs before the check sign.
const LENGTH: usize = 8;

/// Makes a code out of random bytes.
#[must_use]
pub fn code(random: [u8; LENGTH]) -> String {
    let places = random.map(|b| usize::from(b) % SIGNS.len());
    let mut text: String = places.iter().map(|p| char::from(SIGNS[*p])).collect();
    text.push(char::from(SIGNS[check(&places)]));
    text
}

/// Signs for a secret.
#[must_use]
pub fn secret(random: &[u8]) -> String {
    random
        .iter()
        .map(|b| char::from(SIGNS[usize::from(*b) % SIGNS.len()]))
        .collect()
}

fn check(places: &[usize]) -> usize {
    let sum: usize = places.iter().zip(1..).map(|(p, weight)| p * weight).sum();
    sum % SIGNS.len()
}

/// What somebody typed or read out, as signs: small letters, blanks and hyphens, and the signs that
/// look alike (0 and O cannot be, I and L are 1) are understood.
#[must_use]
pub fn signs(typed: &str) -> String {
    typed
        .chars()
        .filter_map(|c| {
            let c = match c {
                'Ａ'..='Ｚ' => char::from_u32(u32::from(c) - u32::from('Ａ') + u32::from('A'))?,
                'ａ'..='ｚ' => char::from_u32(u32::from(c) - u32::from('ａ') + u32::from('A'))?,
                '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0'))?,
                c => c.to_ascii_uppercase(),
            };
            match c {
                'I' | 'L' => Some('1'),
                'U' => Some('V'),
                c if c.is_ascii_alphanumeric() => Some(c),
                _ => None,
            }
        })
        .collect()
}

/// The code in what was typed; none when it cannot be one.
#[must_use]
pub fn read(typed: &str) -> Option<String> {
    let text = signs(typed);
    let places: Vec<usize> = text
        .bytes()
        .map(|b| SIGNS.iter().position(|s| *s == b))
        .collect::<Option<_>>()?;
    let (last, first) = places.split_last()?;
    (first.len() == LENGTH && check(first) == *last).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_sign_and_swapped_neighbours_are_noticed() {
        let code = code([3, 141, 59, 26, 53, 58, 97, 93]);
        assert_eq!(read(&code).as_deref(), Some(code.as_str()));
        let shouted = format!(" {}-{} ", &code[..4].to_lowercase(), &code[4..]);
        assert_eq!(read(&shouted).as_deref(), Some(code.as_str()));
        let signs: Vec<char> = code.chars().collect();
        for place in 0..signs.len() {
            for other in SIGNS.iter().map(|b| char::from(*b)) {
                let mut wrong = signs.clone();
                wrong[place] = other;
                let wrong: String = wrong.into_iter().collect();
                assert_eq!(read(&wrong).is_some(), wrong == code, "{wrong}");
            }
            if place + 1 < LENGTH {
                let mut swapped = signs.clone();
                swapped.swap(place, place + 1);
                let swapped: String = swapped.into_iter().collect();
                assert_eq!(read(&swapped).is_some(), swapped == code, "{swapped}");
            }
        }
        assert_eq!(read(""), None);
        assert_eq!(read("日本語"), None);
    }
}
