package dev.loam.cli;

import dev.loam.LoamOptions;
import dev.loam.Peer;
import dev.loam.json.LoamJson;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code loam peers rename}. */
@Command(name = "rename", description = "Call a paired device otherwise, on this device only.")
final class PeersRenameCommand implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();

    @Parameters(index = "0", paramLabel = "PEER", description = PeerChoice.DESCRIPTION)
    private String peer = "";

    @Parameters(index = "1", paramLabel = "NAME", description = "The new name.")
    private String name = "";

    @Override
    public Integer call() {
        try (OpenStore store = common.openExisting(LoamOptions.unencrypted())) {
            Peer chosen = PeerChoice.of(store.loam().peers(), peer);
            Peer renamed = store.loam().renamePeer(chosen.id(), name);
            if (common.json()) {
                common.print(LoamJson.peer(renamed));
            } else {
                common.print(PeerText.name(chosen) + " is now " + renamed.name());
            }
        }
        return ExitCode.OK.number();
    }
}
