"""What PyInstaller does not see in the package's code: modules named by texts, and data files."""

from PyInstaller.utils.hooks import (  # type: ignore[import-not-found,import-untyped,unused-ignore]
    collect_data_files,
    collect_submodules,
)

hiddenimports = collect_submodules("gradcampp_swift")
datas = collect_data_files("gradcampp_swift")
