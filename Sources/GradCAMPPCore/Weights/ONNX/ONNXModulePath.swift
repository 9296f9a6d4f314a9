/// The path of the module that a node computes, such as `layer1.0.conv1`, as PyTorch's exporters
/// write it.
enum ONNXModulePath {
  /// The key of a node's metadata under which the newer exporter lists the paths of the modules
  /// around it, then the node's own name.
  static let scopesKey = "pkg.torch.onnx.name_scopes"

  /// The texts of a Python list such as `['', 'layer1', 'layer1.0', 'conv2d']`; none when it is
  /// anything else.
  static func scopes(_ literal: String) -> [String] {
    var rest = Substring(literal)
    func take(_ character: Character) -> Bool {
      guard rest.first == character else { return false }
      rest.removeFirst()
      return true
    }
    guard take("[") else { return [] }
    var scopes: [String] = []
    while let quote = rest.first, quote == "'" || quote == "\"" {
      rest.removeFirst()
      guard let end = rest.firstIndex(of: quote), !rest[..<end].contains("\\") else { return [] }
      scopes.append(String(rest[..<end]))
      rest = rest[end...].dropFirst()
      if take(",") { _ = take(" ") }
    }
    return rest == "]" ? scopes : []
  }

  /// The innermost module of the scopes that the newer exporter wrote.
  static func innermost(_ scopes: [String]) -> String? {
    scopes.dropLast().last { !$0.isEmpty }
  }

  /// The module of a node that the older exporter named, as in
  /// `/features/features.0/conv/conv.1/Conv`: each part is a name within the module before it, or
  /// that module's own name and an index.
  static func module(ofNode name: String) -> String? {
    guard name.first == "/" else { return nil }
    let parts = name.dropFirst().split(separator: "/").dropLast()
    guard var last = parts.first else { return nil }
    var path = String(last)
    for part in parts.dropFirst() {
      if part.hasPrefix(last + ".") {
        path += part.dropFirst(last.count)
      } else {
        path += "." + part
      }
      last = part
    }
    return path
  }
}

extension ONNXNode {
  /// The path of the PyTorch module that the node computes, where the exporter wrote one.
  public var modulePath: String? {
    ONNXModulePath.innermost(scopes) ?? ONNXModulePath.module(ofNode: name)
  }
}
