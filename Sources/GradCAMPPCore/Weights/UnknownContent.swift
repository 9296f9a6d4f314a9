import GradCAMPPKernels

/// What a file seems to be that is of no known weight format, in words for a message.
struct UnknownContent: CustomStringConvertible {
  let description: String

  private static let signatures: [(bytes: [UInt8], name: String)] = [
    ([0x50, 0x4b, 0x05, 0x06], "an empty ZIP archive"),
    ([0x89, 0x48, 0x44, 0x46], "an HDF5 file, as Keras saves"),
    ([0x1f, 0x8b], "compressed by gzip"),
    ([0x80, 0x02], "a bare pickle"),
    ([0x80, 0x03], "a bare pickle"),
    ([0x80, 0x04], "a bare pickle"),
    ([0x80, 0x05], "a bare pickle"),
    ([0xff, 0xd8, 0xff], "a JPEG picture"),
    ([0x89, 0x50, 0x4e, 0x47], "a PNG picture"),
  ]

  init(_ file: MappedFile) {
    let start = file.bytes(0..<min(256, file.count))
    let isTar = file.count > 262 && file.bytes(257..<262) == Array("ustar".utf8)
    if let known = Self.signatures.first(where: { start.starts(with: $0.bytes) }) {
      description = known.name
    } else if isTar {
      description = "a tar archive, as PyTorch before 0.2 saved"
    } else if start.allSatisfy({ 0x20...0x7e ~= $0 || 0x09...0x0d ~= $0 }) {
      description = "text beginning \(String(decoding: start, as: UTF8.self).quoted)"
    } else {
      let digits = start.prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
      description = "data beginning with the bytes \(digits.joined(separator: " "))"
    }
  }
}
