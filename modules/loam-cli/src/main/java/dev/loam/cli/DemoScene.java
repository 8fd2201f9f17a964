package dev.loam.cli;

import dev.loam.LoamOptions;
import java.nio.file.Path;

/** What the steps of a demo share. */
record DemoScene(Path directory, DemoInput input, Model model, CommonOptions common) {
    static final String VAULT = "main";

    /** The store of the first device. */
    Path first() {
        return directory.resolve("first-device");
    }

    /** The store of the second device. */
    Path second() {
        return directory.resolve("second-device");
    }

    OpenStore open(Path store) {
        return OpenStore.open(store, VAULT, LoamOptions.unencrypted(), common.surroundings());
    }

    OpenStore openWithModel(Path store) {
        return OpenStore.open(store, VAULT, model.options(), common.surroundings());
    }

    /** Tells people; with {@code --json} nothing but the one document is printed. */
    void say(String line) {
        if (!common.json()) {
            common.print(line);
        }
    }
}
