import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

/// Files that are as they should be.
@Suite struct SafetensorsTests {
  @Test func arraysStayInTheFile() throws {
    let store = try WeightFiles.open(SafetensorsWriter.sample().file())
    #expect(store.names == ["fc2/weights", "fc2/biases"])
    let weights = try #require(store["fc2/weights"])
    #expect(weights.shape == Shape([2, 3]))
    #expect(weights.isMapped)
    #expect(try weights.floats() == [1, 2, 3, 4, 5, 6])
    #expect(try store["fc2/biases"]?.floats() == [0.5, -1, 8])
    #expect(store.normalization == nil)
    #expect(store.otherTypes.isEmpty)
  }

  @Test func otherTypesAreConvertedOrNamed() throws {
    var writer = SafetensorsWriter()
    writer.tensor("half", "F16", [2], [0x00, 0x3c, 0x00, 0xc0])
    writer.tensor("brain", "BF16", [2], [0xc0, 0x3f, 0x20, 0xc1])
    writer.tensor("double", "F64", [1], [0, 0, 0, 0, 0, 0, 4, 0x40])
    writer.tensor("count", "I64", [], [7, 0, 0, 0, 0, 0, 0, 0])
    writer.floats("scalar", [], [3])
    writer.floats("none", [2, 0], [])
    let store = try WeightFiles.open(writer.file())
    #expect(try store["half"]?.floats() == [1, -2])
    #expect(try store["brain"]?.floats() == [1.5, -10])
    #expect(try store["double"]?.floats() == [2.5])
    #expect(try store["scalar"]?.floats() == [3])
    #expect(try store["none"]?.floats() == [])
    #expect(store["count"] == nil)
    #expect(store.otherTypes == ["count": "I64"])
    let error = #expect(throws: GradCAMError.self) { try ModelBuilders.build(store) }
    #expect(
      error?.message.hasSuffix(
        "\"count\" is of dtype I64; expected float16, bfloat16, float32 or float64") == true)
  }

  /// The order of the header need not be that of the data, and JSON may be written otherwise.
  @Test func anyValidJSONIsRead() throws {
    let header = """
       {"b\\u00e9\\ud83d\\ude00\\n\\/" : {"more": [{"x": [true, false, null, -1.5e+3, "\\""]}, {}],
      "data_offsets" : [4, 8], "shape" : [ 1 ] , "dtype":"F\\u00332"}, \t
      "a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}  \n
      """.drop { $0 == " " }
    let store = try WeightFiles.open(
      SafetensorsWriter.file(header: String(header), PickleWriter.floats([1, 2])))
    #expect(try store["bé😀\n/"]?.floats() == [2])
    #expect(try store["a"]?.floats() == [1])
  }

  @Test func theMetadataMayNameANormalization() throws {
    func open(_ metadata: String) throws -> WeightStore {
      var writer = SafetensorsWriter()
      writer.members = ["\"__metadata__\":{\(metadata)}"]
      return try WeightFiles.open(writer.file())
    }
    let whole = """
      "gradcampp.channel_order":"RGB","gradcampp.scale":"0.5","gradcampp.mean":"1 2 3e1",\
      "gradcampp.std":"1 0.25 1"
      """
    #expect(
      try open(whole).normalization
        == Normalization(
          channelOrder: .rgb, scale: 0.5, mean: [1, 2, 30], deviation: [1, 0.25, 1]))
    for (before, after, words) in [
      ("RGB", "RBG", "channel order \"RBG\""), ("0.5", "0", "scale 0.0"),
      ("0.5", "1 2", "scale nan"), ("1 2 3e1", "1 2", "2 means"),
      ("1 2 3e1", "1 x 2", "gradcampp.mean of the metadata is \"1 x 2\""),
      ("gradcampp.std", "gradcampp.deviation", "gradcampp.std of the metadata is \"\""),
      ("0.25", "inf", "standard deviation inf"),
    ] {
      let changed = whole.split(separator: before, maxSplits: 1).joined(separator: after)
      let error = #expect(throws: GradCAMError.self) { try open(changed) }
      #expect(error?.kind == .badData)
      #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    }
  }
}
