package dev.loam.cli;

import dev.loam.Loam;
import dev.loam.LoamOptions;
import dev.loam.Peer;
import dev.loam.VaultInfo;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.VaultId;
import dev.loam.json.LoamJson;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code loam peers vaults}. */
@Command(
        name = "vaults",
        description = {
            "Choose which vaults are exchanged with a paired device, from the next sync on.",
            "What it got before it keeps."
        })
final class PeersVaultsCommand implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "PEER", description = PeerChoice.DESCRIPTION)
    private String peer = "";

    @ArgGroup(multiplicity = "1")
    private final Choice choice = new Choice();

    private static final class Choice {
        @Option(
                names = "--only",
                paramLabel = "VAULT",
                split = ",",
                required = true,
                description = "Exchange these and no other; their names, separated by commas.")
        private List<String> only = List.of();

        @Option(
                names = "--all",
                required = true,
                description = "Exchange all vaults, as after pairing.")
        private boolean all;
    }

    @Override
    public Integer call() {
        try (OpenStore store = common.openExisting(LoamOptions.unencrypted())) {
            Loam loam = store.loam();
            Peer chosen = PeerChoice.of(loam.peers(), peer);
            Peer changed =
                    choice.all
                            ? loam.exchangeAll(chosen.id())
                            : loam.exchangeOnly(chosen.id(), vaults(loam));
            if (common.json()) {
                common.print(LoamJson.peer(changed));
            } else {
                String which = choice.all ? "all vaults" : "only " + String.join(", ", choice.only);
                common.print(PeerText.name(changed) + " exchanges " + which);
            }
        }
        return ExitCode.OK.number();
    }

    private Set<VaultId> vaults(Loam loam) {
        Set<VaultId> vaults = new TreeSet<>();
        for (String name : choice.only) {
            vaults.add(
                    loam.vaults().stream()
                            .filter(vault -> vault.name().equals(name))
                            .map(VaultInfo::id)
                            .findFirst()
                            .orElseThrow(() -> unknown(name)));
        }
        return vaults;
    }

    private static LoamException unknown(String name) {
        return new LoamException(
                ErrorCode.NOT_FOUND,
                "this store has no vault \"" + name + "\"; `loam status` lists those it has");
    }
}
