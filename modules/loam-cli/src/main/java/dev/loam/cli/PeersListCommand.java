package dev.loam.cli;

import dev.loam.LoamOptions;
import dev.loam.PeerStatus;
import dev.loam.json.JsonObject;
import dev.loam.json.LoamJson;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code loam peers list}. */
@Command(
        name = "list",
        description = {
            "List the paired devices: when each was last seen, how the last sync with it ended, and"
                    + " how far it is behind.",
            "A device is behind by what is here and what it is not known to have."
        })
final class PeersListCommand implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();

    @Override
    public Integer call() {
        try (OpenStore store = common.openExisting(LoamOptions.unencrypted())) {
            List<PeerStatus> peers = store.loam().peerStatuses();
            if (common.json()) {
                common.print(
                        JsonObject.builder()
                                .put("peers", peers.stream().map(LoamJson::peer).toList())
                                .build());
            } else {
                print(peers);
            }
        }
        return ExitCode.OK.number();
    }

    private void print(List<PeerStatus> peers) {
        if (peers.isEmpty()) {
            common.print("no device is paired with this store");
        }
        for (PeerStatus peer : peers) {
            common.print(peer.peer().name());
            common.print("  id         " + peer.peer().id());
            if (!peer.peer().addresses().isEmpty()) {
                common.print("  addresses  " + String.join(", ", peer.peer().addresses()));
            }
            common.print("  state      " + PeerText.status(peer));
        }
    }
}
