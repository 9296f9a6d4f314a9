extension PickleDialect {
  /// PyTorch's files: tensors in dictionaries, with whatever a training script keeps beside them.
  static let torch = PickleDialect(
    globals: [
      PickleGlobalName("collections", "OrderedDict"): .orderedDictionary,
      PickleGlobalName("torch._utils", "_rebuild_tensor"): .rebuildTensor,
      PickleGlobalName("torch._utils", "_rebuild_tensor_v2"): .rebuildTensor,
      PickleGlobalName("torch._utils", "_rebuild_tensor_v3"): .rebuildTypedTensor,
      PickleGlobalName("torch._utils", "_rebuild_parameter"): .rebuildParameter,
      PickleGlobalName("torch._utils", "_rebuild_parameter_with_state"): .rebuildParameter,
      PickleGlobalName("torch.storage", "UntypedStorage"): .untypedStorage,
    ].merging(storageTypes) { first, _ in first },
    keepsForeignObjects: true,
    // A tensor takes about 40, its momenta as much again; histories of training have one a number.
    operationLimit: 1 << 20,
    contents: "tensors")

  private static let storageTypes = Dictionary(
    uniqueKeysWithValues: TorchElementType.allCases.map {
      (PickleGlobalName("torch", $0.storageName), PickleGlobal.storageType($0))
    })
}
