using AEAnomaly.Ingest.Files;

namespace AEAnomaly.Ingest.Tests.Files;

public sealed class SplitMaskTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData(0, new[] { true, false, true })]
    [InlineData(2, new[] { false, false, true })]
    public void Read_Digit_GivesItsColumn(int digit, bool[] expected)
    {
        File.WriteAllText(_path, "# ordered rand0 rand1\n110\n000\n101\n");

        Assert.Equal(expected, SplitMask.Read(_path, digit, 3));
    }

    [Theory]
    [InlineData("110\n000\n", ": has 2 lines of digits for 3 data rows; it belongs to other data.")]
    [InlineData("110\n000\n111\n111\n", ": has 4 lines of digits for 3 data rows; it belongs to other data.")]
    [InlineData("#\n110\n0x0\n111\n", " line 3: digit 1 (counted from 0) must be 0 or 1, found x.")]
    [InlineData("110\n0\n111\n", " line 2: has 1 digits, so none with number 1 (counted from 0).")]
    public void Read_BadFile_NamesFileLineAndCounts(string content, string message)
    {
        File.WriteAllText(_path, content);

        Assert.Equal(_path + message, Assert.Throws<RecordFileException>(() => SplitMask.Read(_path, 1, 3)).Message);
    }
}
