// swift-tools-version: 6.2
import PackageDescription

/// Language rules of every module: Swift 6 mode; with GRADCAMPP_WERROR set, as `make` does, warnings
/// are errors. (Not for everyone: a later compiler may warn of more.)
let strict: [SwiftSetting] =
  [.swiftLanguageMode(.v6)]
  + (Context.environment["GRADCAMPP_WERROR"] == nil ? [] : [.treatAllWarnings(as: .error)])

/// What the memory that tensors lie in needs: spans that say how long they may be used.
let lifetimes: [SwiftSetting] = [.enableExperimentalFeature("Lifetimes")]

/// The loops of `Kernels`, compiled once more for processors with AVX2 and FMA.
let avx2: [SwiftSetting] = strict + [.unsafeFlags(["-Xcc", "-mavx2", "-Xcc", "-mfma"])]

/// The same for processors with AVX-512.
let avx512: [SwiftSetting] = avx2 + [.unsafeFlags(["-Xcc", "-mavx512f"])]

/// Folders of the core above the kernels, in the order of the data: each uses only those before
/// it (Tests/Structure checks that).
let coreFolders = [
  "Bytes", "Images", "Inputs", "Weights", "Operators", "Backward", "Network", "Graph", "Models",
  "Attribution", "Rendering", "Explain",
]

let package = Package(
  name: "gradcampp",
  products: [
    .library(name: "gradcampp", type: .dynamic, targets: ["GradCAMPPCAPI"])
  ],
  targets: [
    .systemLibrary(name: "CTurboJPEG", path: "Sources/CTurboJPEG", pkgConfig: "libturbojpeg"),
    .systemLibrary(name: "CGradCAMPP", path: "include"),
    .systemLibrary(name: "CProcessor", path: "Sources/CProcessor"),
    .target(
      name: "GradCAMPPKernels",
      dependencies: ["CProcessor"],
      path: "Sources/GradCAMPPCore",
      exclude: ["Kernels/AVX2", "Kernels/AVX512", "Kernels/Dispatch"] + coreFolders,
      sources: ["Foundations", "Kernels"],
      swiftSettings: strict + lifetimes),
    .target(
      name: "GradCAMPPKernelsAVX2",
      dependencies: ["GradCAMPPKernels", "CProcessor"],
      path: "Sources/GradCAMPPCore/Kernels/AVX2",
      swiftSettings: avx2),
    .target(
      name: "GradCAMPPKernelsAVX512",
      dependencies: ["GradCAMPPKernels", "CProcessor"],
      path: "Sources/GradCAMPPCore/Kernels/AVX512",
      swiftSettings: avx512),
    .target(
      name: "GradCAMPPKernelDispatch",
      dependencies: ["GradCAMPPKernels", "GradCAMPPKernelsAVX2", "GradCAMPPKernelsAVX512"],
      path: "Sources/GradCAMPPCore/Kernels/Dispatch",
      swiftSettings: strict),
    .target(
      name: "GradCAMPPCore",
      dependencies: ["GradCAMPPKernels", "GradCAMPPKernelDispatch", "CTurboJPEG"],
      path: "Sources/GradCAMPPCore",
      exclude: ["Foundations", "Kernels"],
      sources: coreFolders,
      swiftSettings: strict),
    .target(
      name: "GradCAMPPCAPI",
      dependencies: ["GradCAMPPCore", "GradCAMPPKernels", "CGradCAMPP"],
      path: "Sources/CAPI",
      swiftSettings: strict,
      linkerSettings: [
        .unsafeFlags([
          "-Xlinker", "--version-script=\(Context.packageDirectory)/include/gradcampp.map",
          "-Xlinker", "-soname=libgradcampp.so",
          // Worker threads run its code for as long as the process does: dlclose must leave it.
          "-Xlinker", "-z", "-Xlinker", "nodelete",
        ])
      ]),
    .testTarget(
      name: "GradCAMPPCoreTests",
      dependencies: [
        "GradCAMPPCore", "GradCAMPPKernels", "GradCAMPPKernelDispatch",
      ],
      path: "Tests/GradCAMPPCoreTests",
      swiftSettings: [.swiftLanguageMode(.v6)]),
  ]
)
