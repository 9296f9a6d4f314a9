extension StringProtocol {
  /// Text from a file or a caller as a message shows it: quoted, printable, on one line, short.
  public var quoted: String {
    let shown = unicodeScalars.prefix(60)
    let ellipsis = shown.endIndex == unicodeScalars.endIndex ? "" : "…"
    return "\"" + shown.map { $0.escaped(asASCII: true) }.joined() + ellipsis + "\""
  }
}
