/// The only Python objects that a weight file may refer to, none of which is ever called.
enum PickleGlobal {
  /// `numpy.core.multiarray._reconstruct`, since NumPy 2 `numpy._core.multiarray._reconstruct`.
  case reconstruct
  /// `numpy.ndarray`.
  case ndarray
  /// `numpy.dtype`.
  case dtype
  /// `_codecs.encode`, by which Python 3 writes bytes in protocol 2.
  case encode

  /// The object of that name; nil for any other.
  init?(module: String, name: String) {
    switch (module, name) {
    case ("numpy.core.multiarray", "_reconstruct"), ("numpy._core.multiarray", "_reconstruct"):
      self = .reconstruct
    case ("numpy", "ndarray"):
      self = .ndarray
    case ("numpy", "dtype"):
      self = .dtype
    case ("_codecs", "encode"):
      self = .encode
    default:
      return nil
    }
  }
}
