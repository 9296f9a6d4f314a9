import GradCAMPPKernels

extension ProtobufField {
  private static let pairKind = ProtobufKind("an entry", singular: [1, 2])

  /// A StringStringEntryProto.
  func pair() throws(GradCAMError) -> (key: String, value: String) {
    var message = try message(Self.pairKind)
    var key = ""
    var value = ""
    while let field = try message.next() {
      switch field.number {
      case 1: key = try field.text()
      case 2: value = try field.text()
      default: break
      }
    }
    return (key, value)
  }
}
