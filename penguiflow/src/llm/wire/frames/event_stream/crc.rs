//! The checksum CRC-32 of Ethernet, gzip and event streams. Must not know what is checked.

/// The polynomial of [IEEE 802.3](https://www.rfc-editor.org/rfc/rfc1952#section-8), its bits turned around.
const POLYNOMIAL: u32 = 0xEDB8_8320;

/// What each byte does to the sum.
const TABLE: [u32; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let (mut sum, mut bit) = (byte as u32, 0);
        while bit < 8 {
            sum = if sum & 1 == 1 { (sum >> 1) ^ POLYNOMIAL } else { sum >> 1 };
            bit += 1;
        }
        table[byte] = sum;
        byte += 1;
    }
    table
};

/// The checksum of these bytes.
pub(super) fn crc32(bytes: &[u8]) -> u32 {
    let sum = bytes.iter().fold(u32::MAX, |sum, byte| {
        let [low, ..] = (sum ^ u32::from(*byte)).to_le_bytes();
        (sum >> 8) ^ TABLE[usize::from(low)]
    });
    !sum
}
