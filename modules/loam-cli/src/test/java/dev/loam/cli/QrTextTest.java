package dev.loam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.zxing.BarcodeFormat;
import com.google.zxing.BinaryBitmap;
import com.google.zxing.DecodeHintType;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class QrTextTest {
    private static final int PIXELS = 4;
    private static final int WHITE = 0xff_ffff;

    private static final String PAIRING =
            "loam-pair-1/AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh-goaKjpKWmp6ipqqusra6v"
                    + "/192.168.1.5:7070,[2001:db8::5]:7070/XUFl9kLQ";

    @ParameterizedTest
    @ValueSource(strings = {PAIRING, "x", "loam-pair-1/\u00e9"})
    void whatIsDrawnDecodesToTheText(String text) throws Exception {
        List<String> drawn = QrText.of(text).orElseThrow().lines();

        assertThat(decoded(drawn)).isEqualTo(text);
    }

    @Test
    void aPairingTextFitsAnOrdinaryTerminal() {
        QrText drawn = QrText.of(PAIRING).orElseThrow();

        assertThat(drawn.columns()).isLessThanOrEqualTo(80);
        assertThat(drawn.lines())
                .allSatisfy(line -> assertThat(cells(line)).hasSize(drawn.columns()));
    }

    @Test
    void everyLineSaysItsColoursAndTakesThemBack() {
        for (String line : QrText.of(PAIRING).orElseThrow().lines()) {
            assertThat(line).startsWith("\u001b[38;5;16;48;5;231m").endsWith("\u001b[0m");
        }
    }

    @Test
    void aTextThatIsTooLongIsNotDrawn() {
        assertThat(QrText.of("x".repeat(2_953))).isPresent();
        assertThat(QrText.of("x".repeat(2_954))).isEmpty();
    }

    private static String cells(String line) {
        return line.replaceAll("\u001b\\[[0-9;]*m", "");
    }

    private static String decoded(List<String> drawn) throws Exception {
        List<String> rows = drawn.stream().map(QrTextTest::cells).toList();
        int width = rows.getFirst().length() * PIXELS;
        int height = rows.size() * 2 * PIXELS;
        int[] pixels = new int[width * height];
        for (int y = 0; y < height; y++) {
            String row = rows.get(y / PIXELS / 2);
            boolean isUpper = y / PIXELS % 2 == 0;
            for (int x = 0; x < width; x++) {
                char cell = row.charAt(x / PIXELS);
                boolean isBlack = cell == '\u2588' || cell == (isUpper ? '\u2580' : '\u2584');
                pixels[y * width + x] = isBlack ? 0 : WHITE;
            }
        }
        BinaryBitmap image =
                new BinaryBitmap(
                        new HybridBinarizer(new RGBLuminanceSource(width, height, pixels)));
        return new QRCodeReader()
                .decode(
                        image,
                        Map.of(
                                DecodeHintType.POSSIBLE_FORMATS,
                                List.of(BarcodeFormat.QR_CODE),
                                DecodeHintType.CHARACTER_SET,
                                "UTF-8"))
                .getText();
    }
}
