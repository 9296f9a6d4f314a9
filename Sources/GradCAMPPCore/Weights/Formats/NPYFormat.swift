import GradCAMPPKernels

/// NumPy's .npy file with a pickled dictionary of layers in it, such as `vgg16.npy`.
enum NPYFormat: WeightFormat {
  static let name = "NumPy object file"

  static func recognizes(_ leadingBytes: [UInt8]) -> Bool {
    leadingBytes.starts(with: NPYHeader.signature)
  }

  static func read(_ file: MappedFile) throws(GradCAMError) -> WeightStore {
    var reader = ByteReader(file)
    let header = try NPYHeader(&reader)
    guard header.elementType == "|O" || header.elementType == "O" else {
      let type = header.elementType.map(\.quoted) ?? "a structured type"
      throw GradCAMError(
        .badData,
        """
        \(file.path) holds one NumPy array of dtype \(type); expected an object array around \
        {name: [weights, biases]}
        """)
    }
    return try LayerEntries.store(try PickleMachine.read(&reader, .numpy))
  }
}
