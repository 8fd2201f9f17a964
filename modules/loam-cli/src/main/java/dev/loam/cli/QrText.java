package dev.loam.cli;

import io.nayuki.qrcodegen.DataTooLongException;
import io.nayuki.qrcodegen.QrCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A QR code as lines for a terminal, two rows of modules to a line. Black and white are said in
 * full and never left to the terminal's own colours, so a dark one shows the same as a light one.
 */
final class QrText {
    /** Modules of white on each side; the standard asks for four. */
    static final int MARGIN = 4;

    // Of the 256 fixed colours: the first 16 are what a theme makes of them.
    private static final String BLACK_ON_WHITE = "\u001b[38;5;16;48;5;231m";
    private static final String RESET = "\u001b[0m";

    private final QrCode code;

    private QrText(QrCode code) {
        this.code = code;
    }

    /** Empty if {@code text} is longer than a QR code holds. */
    static Optional<QrText> of(String text) {
        try {
            return Optional.of(new QrText(QrCode.encodeText(text, QrCode.Ecc.LOW)));
        } catch (DataTooLongException tooLong) {
            return Optional.empty();
        }
    }

    /** Characters of a line. */
    int columns() {
        return code.size + 2 * MARGIN;
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (int y = -MARGIN; y < code.size + MARGIN; y += 2) {
            StringBuilder line = new StringBuilder(BLACK_ON_WHITE);
            for (int x = -MARGIN; x < code.size + MARGIN; x++) {
                line.append(halves(code.getModule(x, y), code.getModule(x, y + 1)));
            }
            lines.add(line.append(RESET).toString());
        }
        return lines;
    }

    private static char halves(boolean upperIsBlack, boolean lowerIsBlack) {
        if (upperIsBlack) {
            return lowerIsBlack ? '\u2588' : '\u2580';
        }
        return lowerIsBlack ? '\u2584' : ' ';
    }
}
