// What this target holds is listed in Package.swift.
