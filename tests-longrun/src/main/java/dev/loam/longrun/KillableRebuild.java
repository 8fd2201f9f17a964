package dev.loam.longrun;

import dev.loam.Loam;
import dev.loam.LoamOptions;
import dev.loam.Progress;
import java.nio.file.Path;

/** Opens a store, which builds an index that is gone, or rebuilds the one that is there. */
public final class KillableRebuild {
    private KillableRebuild() {}

    /** Arguments: store directory; "rebuild", or nothing to open only. */
    public static void main(String[] arguments) {
        try (Loam loam = Loam.open(Path.of(arguments[0]), LoamOptions.unencrypted())) {
            if (arguments.length > 1) {
                loam.rebuild(Progress.NONE);
            }
        }
    }
}
