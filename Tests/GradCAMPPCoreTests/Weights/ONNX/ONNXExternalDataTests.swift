import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

/// Weights in files beside the model, which must stay in its folder.
@Suite struct ONNXExternalDataTests {
  private func model(_ entries: [(String, String)], _ extents: [Int64] = [2]) -> [UInt8] {
    model(ONNXWriter.tensor("w", extents, external: entries))
  }

  private func model(_ tensors: [UInt8]...) -> [UInt8] {
    ONNXWriter.model(
      graph: ONNXWriter.graph(
        [ONNXWriter.node("Add", ["x", "w"], ["y"])], initializers: tensors))
  }

  /// One byte, then 1.5 and -2: numbers at an odd place.
  private let data = [7] + ProtobufWriter.bytes([1.5, -2] as [Float])

  @Test func numbersStayInTheOtherFile() throws {
    try ONNXFolder.temporary { folder throws in
      try folder.write("sub/weights.bin", data)
      let path = try folder.write(
        "m.onnx",
        model([
          ("location", "sub/weights.bin"), ("offset", "1"), ("length", "8"), ("checksum", "ab"),
        ]))
      let tensor = try ONNXDocument(path: path).graph.initializers[0]
      #expect(tensor.isMapped)
      let array = try #require(try tensor.weightArray())
      #expect(array.isMapped)
      #expect(try array.floats() == [1.5, -2])
    }
  }

  @Test func offsetAndLengthMayBeLeftOut() throws {
    try ONNXFolder.temporary { folder throws in
      try folder.write("w.bin", Array(data.dropFirst()) + [9])
      let path = try folder.write("m.onnx", model([("location", "w.bin")]))
      let tensor = try ONNXDocument(path: path).graph.initializers[0]
      #expect(try tensor.weightArray()?.floats() == [1.5, -2])
    }
  }

  @Test func tensorsMayShareAFile() throws {
    try ONNXFolder.temporary { folder throws in
      try folder.write("w.bin", Array(data.dropFirst()))
      let path = try folder.write(
        "m.onnx",
        model(
          ONNXWriter.tensor("w", [2], external: [("location", "w.bin")]),
          ONNXWriter.tensor("v", [1], external: [("location", "w.bin"), ("offset", "4")]),
          ONNXWriter.tensor("u", [0], external: [("location", "missing.bin")])))
      let tensors = try ONNXDocument(path: path).graph.initializers
      #expect(try tensors[0].weightArray()?.floats() == [1.5, -2])
      #expect(try tensors[1].weightArray()?.floats() == [-2])
      #expect(try tensors[2].weightArray()?.floats() == [])
    }
  }

  @Test func otherFilesComeIntoMemoryAsTheModelDid() throws {
    try ONNXFolder.temporary { folder throws in
      let name = try folder.write("w.bin", Array(data.dropFirst()))
      let path = try folder.write("m.onnx", model([("location", "w.bin")]))
      for mode in [MappedFile.Mode.mapped, .copied] {
        try folder.write("w.bin", Array(data.dropFirst()))
        let document = try ONNXDocument(MappedFile(path: path, mode))
        #expect(document.files.map(\.path).map { $0.hasSuffix("m.onnx") } == [true, false])
        #expect(document.files.map(\.mode) == [mode, mode])
        try folder.write("w.bin", [1])
        let isNoticed = document.files.contains { (try? $0.verify()) == nil }
        #expect(isNoticed == (mode == .mapped), "\(name)")
      }
    }
  }

  @Test func limitsHoldForAllFilesTogether() throws {
    try ONNXFolder.temporary { folder throws in
      try folder.write("w.bin", Array(data.dropFirst()))
      let bytes = model([("location", "w.bin")])
      let path = try folder.write("m.onnx", bytes)
      var limits = Limits()
      limits[.decodedBytes] = 7
      let elements = #expect(throws: GradCAMError.self) {
        try ONNXDocument(MappedFile(path: path, .mapped, limits))
      }
      #expect(elements?.message.contains("its arrays take 8 bytes as float32, above the") == true)
      limits[.decodedBytes] = bytes.count + 7
      let copies = #expect(throws: GradCAMError.self) {
        try ONNXDocument(MappedFile(path: path, .copied, limits))
      }
      #expect(copies?.message.contains("copies of its files take \(bytes.count + 8)") == true)
      limits[.decodedBytes] = bytes.count + 8
      #expect(try ONNXDocument(MappedFile(path: path, .copied, limits)).files.count == 2)
    }
  }

  @Test func tensorsThatShareBytesCountEach() throws {
    try ONNXFolder.temporary { folder throws in
      try folder.write("w.bin", [UInt8](repeating: 0, count: 1 << 20))
      let tensors = (0..<100).map { index in
        ONNXWriter.tensor("w\(index)", [1 << 18], external: [("location", "w.bin")])
      }
      let graph = ONNXWriter.graph([], initializers: tensors)
      let path = try folder.write("m.onnx", ONNXWriter.model(graph: graph))
      var limits = Limits()
      limits[.decodedBytes] = 50 << 20
      let error = #expect(throws: GradCAMError.self) {
        try ONNXDocument(MappedFile(path: path, .mapped, limits))
      }
      #expect(error?.message.contains("its arrays take \(51 << 20) bytes as float32") == true)
    }
  }

  @Test func pathsThatLeaveTheFolder() throws {
    try ONNXFolder.temporary { folder throws in
      try folder.write("secret.bin", data)
      let absolute = "\(folder.path)/inner/w.bin"
      try folder.write("inner/w.bin", data)
      for name in [
        absolute, "../secret.bin", "a/../../secret.bin", "a/../w.bin", "..", "", "/", "//w.bin",
        "a//w.bin", "w.bin/", "a\0b",
      ] {
        let path = try folder.write("inner/m.onnx", model([("location", name), ("offset", "1")]))
        #expect(
          try ONNXFolder.refusal(path: path)
            == " names the file \(name.quoted); expected a path inside its own folder")
      }
    }
  }

  @Test func linksMayNotLeaveTheFolder() throws {
    try ONNXFolder.temporary { folder throws in
      try folder.write("secret.bin", data)
      try folder.write("inner-2/w.bin", data)
      try folder.write("inner/w.bin", data)
      try folder.link("inner/good", to: "w.bin")
      try folder.link("inner/bad", to: "../secret.bin")
      try folder.link("inner/folder", to: "..")
      try folder.link("inner/neighbour", to: "../inner-2")
      try folder.link("inner/absolute", to: "/dev/zero")
      try folder.link("inner/loop", to: "loop")
      for name in ["bad", "folder/secret.bin", "neighbour/w.bin", "absolute"] {
        let path = try folder.write("inner/m.onnx", model([("location", name), ("offset", "1")]))
        let sentence = try ONNXFolder.refusal(path: path)
        #expect(sentence.contains("names the file \(name.quoted), which is a link to /"))
        #expect(sentence.hasSuffix("outside its folder; put the file itself there"))
      }
      let path = try folder.write("inner/m.onnx", model([("location", "good"), ("offset", "1")]))
      let tensor = try ONNXDocument(path: path).graph.initializers[0]
      #expect(try tensor.weightArray()?.floats() == [1.5, -2])
      // The model itself may be a link: the folder is where its name is.
      try folder.link("inner/link.onnx", to: "m.onnx")
      #expect(try ONNXDocument(path: "\(folder.path)/inner/link.onnx").graph.nodes.count == 1)
      try folder.write("inner/m.onnx", model([("location", "loop")]))
      #expect(
        try ONNXFolder.refusal(path: path, .inputOutput).contains("which is not in its folder"))
    }
  }

  @Test func filesThatAreNotThere() throws {
    try ONNXFolder.temporary { folder throws in
      let path = try folder.write("m.onnx", model([("location", "w.bin")]))
      #expect(
        try ONNXFolder.refusal(path: path, .fileNotFound).hasPrefix(
          " names the file \"w.bin\", which is not in its folder: "))
      try folder.write("folder/w.bin", data)
      try folder.write("m.onnx", model([("location", "folder")]))
      let error = #expect(throws: GradCAMError.self) { try ONNXDocument(path: path) }
      #expect(error?.kind == .inputOutput)
    }
  }

  @Test func placesOutsideTheFile() throws {
    try ONNXFolder.temporary { folder throws in
      try folder.write("w.bin", data)
      for (entries, words) in [
        ([("offset", "2")], "has 8 bytes of external data from byte 2 of \"w.bin\", which has 9"),
        ([("offset", "10")], "from byte 10 of \"w.bin\", which has 9 bytes"),
        ([("offset", "9223372036854775807")], "from byte 9223372036854775807"),
        ([("offset", "9223372036854775808")], "an external offset of \"9223372036854775808\""),
        ([("offset", "-1")], "an external offset of \"-1\"; expected a whole number from 0 up"),
        ([("offset", "+1")], "an external offset of \"+1\""), ([("offset", "")], "offset of \"\""),
        ([("offset", "0x1")], "an external offset of \"0x1\""),
        ([("length", "7")], "external data of 7 bytes; expected 8"),
        ([("offset", "1"), ("offset", "1")], "has two external offset entries"),
        ([("location", "w.bin")], "has two external location entries"),
      ] {
        let path = try folder.write("m.onnx", model([("location", "w.bin")] + entries))
        let sentence = try ONNXFolder.refusal(path: path)
        #expect(sentence.contains(words), "\(sentence)")
        #expect(sentence.hasPrefix(": tensor \"w\""))
      }
      let path = try folder.write("m.onnx", model([("location", "w.bin")], [1 << 40]))
      #expect(try ONNXFolder.refusal(path: path).contains("has 4398046511104 bytes of external"))
      try folder.write("m.onnx", model([("offset", "0")]))
      #expect(try ONNXFolder.refusal(path: path).hasSuffix("external data without a location"))
    }
  }

  @Test func hereOrElsewhereNotBoth() throws {
    let here = ONNXWriter.tensor("w", [1]) {
      $0.bytes(9, [0, 0, 0, 0])
      $0.bytes(13, ONNXWriter.pair("location", "w.bin"))
      $0.integer(14, 1)
    }
    #expect(
      try ONNXFolder.refusal(model(here)).contains("has 4 bytes of raw_data and external data"))
    let unsaid = ONNXWriter.tensor("w", [1]) {
      $0.bytes(13, ONNXWriter.pair("location", "w.bin"))
    }
    #expect(
      try ONNXFolder.refusal(model(unsaid)).contains(
        "has data_location 0 and 1 entries of external data"))
    let nowhere = ONNXWriter.tensor("w", [1]) { $0.integer(14, 2) }
    #expect(try ONNXFolder.refusal(model(nowhere)).contains("has data_location 2 and 0 entries"))
  }
}
