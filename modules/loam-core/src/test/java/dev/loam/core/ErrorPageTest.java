package dev.loam.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page of the errors lists the codes that there are, in their order, and no other. */
class ErrorPageTest {
    private static final Path PAGE = Path.of("../../docs/errors.md");

    @Test
    void thePageListsEveryCodeWithItsRetryAndItsSeverity() throws IOException {
        Pattern row =
                Pattern.compile(
                        "(?m)^\\| `([A-Z_]+)` \\| ([A-Z_]+) \\| ([A-Z]+) \\| .+ \\| .+ \\|$");
        List<String> listed = new ArrayList<>();
        Matcher found = row.matcher(Files.readString(PAGE));
        while (found.find()) {
            listed.add(found.group(1) + " " + found.group(2) + " " + found.group(3));
        }

        assertThat(listed)
                .containsExactlyElementsOf(
                        Stream.of(ErrorCode.values())
                                .map(code -> code + " " + code.retry() + " " + code.severity())
                                .toList());
    }
}
