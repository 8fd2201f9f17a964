package dev.loam.cli;

import dev.loam.Loam;
import dev.loam.LoamOptions;
import dev.loam.Vault;
import java.nio.file.Path;

/** A store that is open for one command, and the vault that the command is about. */
record OpenStore(Loam loam, Vault vault) implements AutoCloseable {
    /** Opens it, and says on stderr what had to be repaired. */
    static OpenStore open(
            Path directory, String vault, LoamOptions options, Surroundings surroundings) {
        Loam loam = Loam.open(directory, options);
        for (String note : loam.openReport().notes()) {
            surroundings.err().println("loam: note: " + note);
        }
        surroundings.err().flush();
        return new OpenStore(loam, loam.vault(vault));
    }

    @Override
    public void close() {
        loam.close();
    }
}
