import Foundation
import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

/// The files of Tests/Hostile, whose README names each attack.
@Suite struct HostileFileTests {
  private static let expectations = [
    "os_system_protocol2": "refers to 'posix.system' at byte",
    "os_system_protocol4": "refers to 'posix.system' at byte",
    "builtins_eval": "refers to 'builtins.eval' at byte",
    "codecs_decode": "refers to '_codecs.decode' at byte",
    "numpy_load": "refers to 'numpy.load' at byte",
    "ndarray_called": "calls numpy.ndarray",
    "entry_int32": "\"fc6/weights\" is of NumPy dtype \"<i4\"",
    "entry_structured": "\"fc6/weights\" is of NumPy dtype \"|V8\"",
    "entry_strings": "\"fc6/weights\" is of NumPy dtype \"<U1\"",
    "entry_complex": "\"fc6/weights\" is of NumPy dtype \"<c8\"",
    "entry_one_array": "layer \"fc6\" holds a list of 1; expected [weights, biases]",
    "entry_three_arrays": "layer \"fc6\" holds a list of 3; expected [weights, biases]",
    "entry_bare_array": "layer \"fc6\" holds a NumPy array; expected [weights, biases]",
    "entry_wrong_keys": "layer \"fc6\" holds a dict of 2; expected [weights, biases]",
    "entry_nested_objects": "\"fc6/weights\" is a NumPy array of Python objects; expected numbers",
    "list_of_arrays": "expected a dict {name: [weights, biases]}, found a list of 2",
    "empty_dict": "expected a dict {name: [weights, biases]}, found a dict of 0",
    "integer_name": "a layer's name is the integer 6",
    "name_with_newline": "a layer's name is the text \"fc6\\nerror: none\"",
    "cyclic_dict": "layer \"fc6\" holds a dict of 1",
    "cyclic_list": "\"fc6/weights\" is a list of 2; expected a NumPy array",
    "billion_laughs": "\"fc6/weights\" is a list of 2; expected a NumPy array",
    "object_cube": "found an array of shape 2x2x2",
    "plain_float32": "holds one NumPy array of dtype \"<f4\"; expected an object array",
    "plain_structured": "holds one NumPy array of dtype a structured type",
  ]

  @Test func everyFileHasAnExpectation() {
    let files = WeightFiles.names(in: WeightFiles.hostile)
    #expect(files == Self.expectations.keys.map { "\($0).npy" }.sorted())
  }

  @Test(arguments: expectations.keys.sorted())
  func isRefusedWithASentence(_ name: String) throws {
    let error = try WeightFiles.refusal(try WeightFiles.bytes(WeightFiles.hostile, "\(name).npy"))
    #expect(error.kind == .badData)
    let words = try #require(Self.expectations[name])
    #expect(error.message.contains(words))
    #expect(!FileManager.default.fileExists(atPath: "hostile-file-was-executed"))
  }
}
