package dev.loam;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadmeTest {
    private static final String BEGIN = "```java\n";
    private static final int LINES_MAX = 10;

    @TempDir Path directory;

    @Test
    void theReadmesExampleCompilesAndIsShort() throws Exception {
        String readme = Files.readString(Path.of("../../README.md"));
        int begin = readme.indexOf(BEGIN) + BEGIN.length();
        String example = readme.substring(begin, readme.indexOf("```", begin));
        assertThat(example.lines()).hasSizeLessThanOrEqualTo(LINES_MAX);
        Path source = directory.resolve("Hello.java");
        Files.writeString(
                source,
                "import dev.loam.*; import java.nio.file.Path;\n"
                        + "class Hello { public static void main(String[] arguments) {\n"
                        + example
                        + "}}");
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> options =
                List.of("-cp", System.getProperty("java.class.path"), "-d", directory.toString());
        boolean compiled =
                compiler.getTask(
                                null,
                                null,
                                null,
                                options,
                                null,
                                compiler.getStandardFileManager(null, null, null)
                                        .getJavaFileObjects(source))
                        .call();
        assertThat(compiled).isTrue();
    }
}
