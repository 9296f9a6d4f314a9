/// What the pickles of one kind of file may refer to.
struct PickleDialect: Sendable {
  /// The objects whose meaning is known.
  let globals: [PickleGlobalName: PickleGlobal]

  /// Whether a pickle may refer to other objects too.
  ///
  /// They become nodes that hold a name and nothing else, whatever is called, added or set: what
  /// stands beside the weights does no harm, and what stands in their place is refused by its name.
  let keepsForeignObjects: Bool

  /// The most operations, which bounds time and memory.
  let operationLimit: Int

  /// What a file of this kind may contain, in words for a message.
  let contents: String

  /// NumPy's object arrays.
  static let numpy = PickleDialect(
    globals: [
      PickleGlobalName("numpy.core.multiarray", "_reconstruct"): .reconstruct,
      PickleGlobalName("numpy._core.multiarray", "_reconstruct"): .reconstruct,
      PickleGlobalName("numpy", "ndarray"): .ndarray,
      PickleGlobalName("numpy", "dtype"): .dtype,
      PickleGlobalName("_codecs", "encode"): .encode,
    ],
    keepsForeignObjects: false,
    // A network of a thousand arrays takes about 60,000 operations.
    operationLimit: 1 << 18,
    contents: "NumPy arrays")
}
