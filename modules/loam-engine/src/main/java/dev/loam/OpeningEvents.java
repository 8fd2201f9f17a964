package dev.loam;

import dev.loam.core.LoamException;
import dev.loam.crypto.KeyFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Tells the audit trail of an opening: of a sealed store that it was unlocked, and of any what had
 * to be repaired. A trail that cannot be written keeps nobody from a store that can be read.
 */
final class OpeningEvents {
    private final AuditTrail trail;
    private final StoreFolder folder;
    private final LoamOptions options;

    OpeningEvents(AuditTrail trail, StoreFolder folder, LoamOptions options) {
        this.trail = trail;
        this.folder = folder;
        this.options = options;
    }

    /**
     * @param damages how much of the log cannot be read
     * @return the same, and what is to be said of the trail and of where the key came from
     */
    OpenReport record(OpenReport report, int damages) {
        List<String> notes = new ArrayList<>(report.notes());
        folder.keys().map(StoreKeys::mended).orElse(List.of()).stream()
                .map(OpeningEvents::mending)
                .forEach(notes::add);
        OpenReport found = with(report, notes);
        options.encryption().flatMap(each -> each.source().warning()).ifPresent(notes::add);
        folder.keys().map(StoreKeys::notes).ifPresent(notes::addAll);
        try {
            folder.keys().ifPresent(this::unlocked);
            repaired(found, damages).ifPresent(trail::record);
        } catch (LoamException notWritten) {
            notes.add(
                    "the audit trail cannot be written ("
                            + notWritten.code()
                            + "); once it can, it says that events are missing");
        }
        return with(report, notes);
    }

    private static OpenReport with(OpenReport report, List<String> notes) {
        return new OpenReport(
                report.cleanlyClosed(), report.replayedBatches(), report.indexRebuilt(), notes);
    }

    private void unlocked(StoreKeys keys) {
        int slot = keys.slot();
        FailedUnlocks failed = new FailedUnlocks(folder.path());
        failed.asEvent().ifPresent(trail::record);
        failed.forget();
        keys.keyFile().slots().stream()
                .filter(each -> each.number() == slot)
                .map(KeyFile.Slot::source)
                .findFirst()
                .ifPresent(source -> trail.record(new AuditEvent.Unlocked(slot, source)));
        if (options.encryption().filter(Encryption::allowsDirectKey).isPresent()) {
            trail.record(new AuditEvent.SafetyWeakened(AuditEvent.WeakOption.DIRECT_KEY));
        }
    }

    private static String mending(String file) {
        return file + " was missing, damaged or behind its copy, and was written anew from that";
    }

    /** Empty if there was nothing to repair. */
    private static Optional<AuditEvent> repaired(OpenReport report, int damages) {
        return report.notes().isEmpty() && !report.indexRebuilt()
                ? Optional.empty()
                : Optional.of(
                        new AuditEvent.Repaired(
                                report.notes().size(),
                                damages,
                                report.indexRebuilt()
                                        ? AuditEvent.IndexState.BUILT_ANEW
                                        : AuditEvent.IndexState.KEPT));
    }
}
