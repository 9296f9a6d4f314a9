import GradCAMPPKernels

extension Limits {
  /// Throws `badData` when the arrays of a file, which hold `count` numbers together, would take more
  /// memory than is allowed; each number may be converted to float32 and copied into another layout.
  ///
  /// A format's reader calls it with what the file says, before anything is made of it. `count` times
  /// 4 fits an Int.
  func checkWeights(count: Int, path: String) throws(GradCAMError) {
    try check(count * 4, .decodedBytes, "\(path): its arrays take", "bytes as float32")
  }
}
