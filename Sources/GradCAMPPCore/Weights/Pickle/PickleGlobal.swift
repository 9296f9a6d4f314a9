/// The Python objects whose meaning is known, none of which is ever called.
enum PickleGlobal: Hashable {
  /// `numpy.core.multiarray._reconstruct`, since NumPy 2 `numpy._core.multiarray._reconstruct`.
  case reconstruct
  /// `numpy.ndarray`.
  case ndarray
  /// `numpy.dtype`.
  case dtype
  /// `_codecs.encode`, by which Python 3 writes bytes in protocol 2.
  case encode

  /// `collections.OrderedDict`.
  case orderedDictionary
  /// `torch._utils._rebuild_tensor` and `_rebuild_tensor_v2`: the storage's type is the tensor's.
  case rebuildTensor
  /// `torch._utils._rebuild_tensor_v3`: the element type is an argument.
  case rebuildTypedTensor
  /// `torch._utils._rebuild_parameter` and `_rebuild_parameter_with_state`: a tensor, and what
  /// training wants of it.
  case rebuildParameter
  /// `torch.FloatStorage` and its like.
  case storageType(TorchElementType)
  /// `torch.storage.UntypedStorage`.
  case untypedStorage
}

/// The name of a Python object: a module and a name in it.
struct PickleGlobalName: Hashable {
  let module: String
  let name: String

  init(_ module: String, _ name: String) {
    self.module = module
    self.name = name
  }
}
