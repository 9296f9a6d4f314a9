import Glibc
import GradCAMPPKernels

/// A path that a file names, taken from that file's folder, which it may not leave.
enum ConfinedPath {
  /// The real path of `name` in the folder of the file at `path`.
  ///
  /// Throws `badData` for an absolute path, for one with a part `..`, and for one that a symbolic
  /// link leads out of the folder; `fileNotFound` when nothing is there.
  static func resolve(_ name: String, beside path: String) throws(GradCAMError) -> String {
    let parts = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    let isInside =
      !name.isEmpty && !name.utf8.contains(0)
      && !parts.contains { $0.elementsEqual("..".utf8) || $0.isEmpty }
    guard isInside else {
      throw GradCAMError(
        .badData, "\(path) names the file \(name.quoted); expected a path inside its own folder")
    }
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "./"
    let home = try real(folder, name, path)
    let target = try real(folder + name, name, path)
    guard target.hasPrefix(home.hasSuffix("/") ? home : home + "/") else {
      throw GradCAMError(
        .badData,
        "\(path) names the file \(name.quoted), which is a link to \(target), outside its folder; "
          + "put the file itself there")
    }
    return target
  }

  /// The path without links, as the system has it.
  private static func real(
    _ wanted: String, _ name: String, _ path: String
  ) throws(GradCAMError) -> String {
    guard let resolved = realpath(wanted, nil) else {
      let code = errno
      throw GradCAMError(
        code == ENOENT || code == ENOTDIR ? .fileNotFound : .inputOutput,
        "\(path) names the file \(name.quoted), which is not in its folder: "
          + String(cString: strerror(code)))
    }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
