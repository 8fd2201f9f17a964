package dev.loam.cli;

import dev.loam.Peer;
import dev.loam.SyncReport;
import dev.loam.core.ErrorCode;
import dev.loam.json.JsonValue;
import dev.loam.json.LoamJson;
import dev.loam.server.PeerListener;

/** Prints what a serving device hears of its peers, a line each. */
final class PeerNews implements PeerListener {
    private final CommonOptions common;

    PeerNews(CommonOptions common) {
        this.common = common;
    }

    @Override
    public void paired(Peer peer) {
        if (common.json()) {
            print(SyncServeCommand.event("paired").put("peer", LoamJson.peer(peer)).build());
        } else {
            print("paired with " + PeerText.name(peer));
        }
    }

    @Override
    public void synced(SyncReport report) {
        if (common.json()) {
            print(SyncServeCommand.event("synced").put("report", LoamJson.sync(report)).build());
        } else {
            print(SyncText.report(report));
        }
    }

    @Override
    public void refused(String address, ErrorCode code, String why) {
        if (common.json()) {
            print(
                    SyncServeCommand.event("refused")
                            .put("address", address)
                            .put("code", code.name())
                            .put("message", why)
                            .build());
        } else {
            common.note(code + ": " + address + " refused: " + why);
        }
    }

    private void print(JsonValue document) {
        print(document.toString());
    }

    // The server calls on several threads.
    private synchronized void print(String line) {
        common.print(line);
    }
}
