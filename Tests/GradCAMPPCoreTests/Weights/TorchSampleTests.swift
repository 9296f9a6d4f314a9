import Foundation
import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

/// The files of Tests/Goldens/torch, number by number.
@Suite struct TorchSampleTests {
  /// A line of `expected.txt`: a file, a tensor, its shape and bits, or its type.
  struct Expected: Sendable {
    let file: String
    let name: String
    let shape: String
    let bits: [UInt32]
  }

  private static let expected: [Expected] = {
    let url = TorchFiles.folder.appendingPathComponent("expected.txt")
    let text = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map { line in
      let words = line.split(separator: " ").map(String.init)
      return Expected(
        file: words[0], name: words[1], shape: words[2],
        bits: words[3...].compactMap { UInt32($0, radix: 16) })
    }
  }()

  private static let files = Set(expected.map(\.file)).sorted()

  /// What stands before every name in these files.
  private static let prefixes = [
    "data_parallel.pth": "module.", "compiled.pth": "module._orig_mod.",
    "checkpoint_sgd.pth": "module.", "lightning.pth": "model.",
  ]

  @Test func allFilesAreExpected() {
    #expect(Self.files.count == 30)
    #expect(Self.expected.count > 250)
  }

  @Test(arguments: files)
  func numbersAreThoseOfTorch(_ file: String) throws {
    let store = try TorchFiles.store(file)
    let prefix = Self.prefixes[file] ?? ""
    let types = Set(TorchElementType.allCases.map(\.rawValue)).union(["uint16", "float8_e4m3fn"])
    var names: [String] = []
    var others: [String: String] = [:]
    for expected in Self.expected where expected.file == file {
      #expect(expected.name.hasPrefix(prefix))
      let name = String(expected.name.dropFirst(prefix.count))
      guard !types.contains(expected.shape) else {
        others[name] = expected.shape
        continue
      }
      names.append(name)
      let array = try #require(store[name], "\(file): \(name)")
      #expect(array.shape.description == expected.shape, "\(file): \(name)")
      #expect(try array.floats().map(\.bitPattern) == expected.bits, "\(file): \(name)")
    }
    #expect(store.names == names)
    #expect(store.otherTypes == others)
  }

  @Test(arguments: files)
  func contiguousFloatsStayInTheFile(_ file: String) throws {
    let store = try TorchFiles.store(file)
    let converts = ["half", "bfloat16", "double"].contains { file.contains($0) }
    for name in store.names {
      let isView = ["transposed", "every_third", "channels_last", "strided", "expanded"]
        .contains { name.contains($0) }
      #expect(store[name]?.isMapped == !(converts || isView), "\(file): \(name)")
    }
  }

  @Test(arguments: [
    ("whole_module", "holds an object of \"torch.nn.modules.container.Sequential\""),
    ("old_whole_module", "holds an object of \"torch.nn.modules.container.Sequential\""),
    ("wrapped_module", "save its state_dict(), or export the network to ONNX"),
    ("list_of_tensors", "holds a list of 9 and no dictionary of tensors"),
    ("one_tensor", "holds a tensor and no dictionary of tensors"),
    ("no_tensors", "holds a dict of 2 and no dictionary of tensors; expected what torch.save"),
    ("huge_expanded", "\"fc.weight\" of shape 1048576x1048576 and the tensors before it"),
    (
      "quantized", "is an object made by \"torch._utils._rebuild_qtensor\"; expected a dense tensor"
    ),
    ("sparse", "\"fc.weight\" is an object made by \"torch._utils._rebuild_sparse_tensor\""),
    ("two_networks", "holds several networks, under \"model\" and \"model_ema\""),
    ("two_others", "holds several networks, under \"generator\" and \"discriminator\""),
  ])
  func otherContentIsRefused(_ name: String, _ words: String) throws {
    let error = try WeightFiles.refusal(try TorchFiles.bytes(name + ".pth"))
    #expect(error.kind == .badData)
    #expect(error.message.contains(words), "\(error.message)")
  }

  @Test func everyFileIsTested() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: TorchFiles.folder.path)
      .filter { $0.hasSuffix(".pth") }
    #expect(files.count == Self.files.count + 11)
  }
}

/// The recorded files of PyTorch.
enum TorchFiles {
  static let folder = WeightFiles.samples.deletingLastPathComponent()
    .appendingPathComponent("torch")

  static func bytes(_ name: String) throws -> [UInt8] { try WeightFiles.bytes(folder, name) }

  static func store(_ name: String) throws -> WeightStore {
    try WeightFormats.open(path: folder.appendingPathComponent(name).path)
  }
}
