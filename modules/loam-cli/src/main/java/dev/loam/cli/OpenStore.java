package dev.loam.cli;

import dev.loam.Loam;
import dev.loam.LoamOptions;
import dev.loam.Vault;
import dev.loam.VaultInfo;
import dev.loam.core.VaultId;
import java.nio.file.Path;
import java.util.Optional;

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

    /** Of the vault; empty as long as there is none of that name. */
    Optional<VaultId> vaultId() {
        return loam.vaults().stream()
                .filter(each -> each.name().equals(vault.name()))
                .map(VaultInfo::id)
                .findFirst();
    }

    @Override
    public void close() {
        loam.close();
    }
}
