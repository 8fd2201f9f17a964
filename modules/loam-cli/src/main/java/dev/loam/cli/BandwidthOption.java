package dev.loam.cli;

import dev.loam.SyncOptions;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** {@code --limit}. */
final class BandwidthOption {
    private static final Pattern RATE = Pattern.compile("([1-9][0-9]{0,8})(B|KiB|MiB|GiB)?");
    private static final Map<String, Integer> SHIFTS =
            Map.of("B", 0, "KiB", 10, "MiB", 20, "GiB", 30);

    @Option(
            names = "--limit",
            paramLabel = "RATE",
            description =
                    "Send at most so much in a second to each device: a number with B, KiB, MiB or"
                            + " GiB, such as 2MiB. Default: as fast as it goes.")
    private String limit = "";

    /**
     * @throws LoamException {@code INVALID_ARGUMENT} if it is no rate
     */
    SyncOptions applyTo(SyncOptions options) {
        return limit.isEmpty() ? options : options.bytesPerSecond(bytesPerSecond());
    }

    private long bytesPerSecond() {
        Matcher rate = RATE.matcher(limit);
        if (!rate.matches()) {
            throw new LoamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "--limit is a number of bytes in a second, such as 500KiB or 2MiB");
        }
        String unit = rate.group(2) == null ? "B" : rate.group(2);
        return Long.parseLong(rate.group(1)) << SHIFTS.getOrDefault(unit, 0);
    }
}
