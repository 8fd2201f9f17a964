package dev.loam.cli;

import dev.loam.Peer;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Finds the one peer that a person means. */
final class PeerChoice {
    static final String DESCRIPTION = "The device: its name, its id, or how the id begins.";

    /** As many characters of an id are not given by mistake. */
    private static final int PREFIX_CHARS_MIN = 4;

    private PeerChoice() {}

    /**
     * @throws LoamException {@code NOT_FOUND} if it is nobody, {@code INVALID_ARGUMENT} if it is
     *     more than one
     */
    static Peer of(List<Peer> peers, String text) {
        List<Peer> meant = peers.stream().filter(peer -> peer.name().equals(text)).toList();
        if (meant.isEmpty() && text.length() >= PREFIX_CHARS_MIN) {
            String prefix = text.toLowerCase(Locale.ROOT);
            meant = peers.stream().filter(peer -> peer.id().toString().startsWith(prefix)).toList();
        }
        if (meant.isEmpty()) {
            throw new LoamException(
                    ErrorCode.NOT_FOUND,
                    "no paired device has this name, or an id that begins so; `loam peers list`"
                            + " shows them");
        }
        if (meant.size() > 1) {
            throw new LoamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "this may be "
                            + meant.stream().map(PeerText::name).collect(Collectors.joining(" or "))
                            + "; give more of the id");
        }
        return meant.getFirst();
    }
}
