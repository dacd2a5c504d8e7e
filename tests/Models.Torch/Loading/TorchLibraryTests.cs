using AEAnomaly.Torch;

namespace AEAnomaly.Models.Torch.Tests.Loading;

public sealed class TorchLibraryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aeanomaly-torch-").FullName;

    [TorchFact]
    public void Load_RestoredPackages_IsAvailableFromOneFolder()
    {
        var library = LoadedTorch.Library;

        Assert.True(library.IsAvailable);
        Assert.True(File.Exists(Path.Combine(library.Folder!, "libtorch_cpu.so")));
        Assert.Equal("torch", new TorchDeviceFactory(library).Name);
    }

    [TorchFact]
    public void Load_Again_GivesTheSame()
    {
        var again = TorchLibrary.Load(threads: 1);

        Assert.True(again.IsAvailable);
        Assert.Equal(LoadedTorch.Library.Folder, again.Folder);
    }

    [TorchFact]
    public void Constructor_OnGpu_NamesItOrSaysWhyThereIsNone()
    {
        var library = LoadedTorch.Library;

        if (library.HasCuda)
            Assert.Equal("cuda", new TorchDeviceFactory(library, onGpu: true).Name);
        else
            Assert.Equal(library.CudaProblem, Assert.Throws<InvalidOperationException>(() => new TorchDeviceFactory(library, onGpu: true)).Message);
    }

    [Fact]
    public void Load_NoThreads_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => TorchLibrary.Load(threads: 0));

    [Fact]
    public void Find_NothingThere_NamesEveryFolderAndWhatToDo()
    {
        var files = Find(new LibtorchFolder("/a/torch", "beside the program"), new LibtorchFolder("/b", "restored packages"));

        Assert.Null(files.Folder);
        Assert.Equal(
            "there is no libtorch_cpu.so in /a/torch (beside the program), nor in /b (restored packages); build with -p:WithTorch=true, or name its folder in AEANOMALY_TORCH",
            files.Problem);
        var library = TorchLibrary.Load(files, threads: 1);
        Assert.False(library.IsAvailable);
        Assert.False(library.HasCuda);
        Assert.Equal(files.Problem, Assert.Throws<InvalidOperationException>(() => new TorchDeviceFactory(library)).Message);
    }

    [Fact]
    public void Find_NoWrapper_SaysWhereItComesFrom()
    {
        File.WriteAllText(InFolder("libtorch_cpu.so"), "");

        var files = TorchFiles.Find([new LibtorchFolder(_folder, "test")], InFolder("libLibTorchSharp.so"));

        Assert.Equal($"{InFolder("libLibTorchSharp.so")} is missing: it comes with builds on Linux for x64 only", files.Problem);
    }

    [Fact]
    public void Find_SeveralFolders_TakesTheFirstThatHoldsIt()
    {
        File.WriteAllText(InFolder("libtorch_cpu.so"), "");

        var files = Find(new LibtorchFolder("/a/torch", "beside the program"), new LibtorchFolder(_folder, "restored packages"));

        Assert.Equal(_folder, files.Folder);
        Assert.False(files.HasCuda);
        File.WriteAllText(InFolder("libtorch_cuda.so"), "");
        Assert.True(files.HasCuda);
    }

    [Fact]
    public void Candidates_FolderThatTheUserNames_IsTheOnlyOne()
    {
        Assert.Equal([new LibtorchFolder("/named", "AEANOMALY_TORCH")], LibtorchFolder.Candidates("/named", "/program"));
        Assert.Equal(["beside the program", "restored packages"], LibtorchFolder.Candidates("", "/program").Select(folder => folder.Origin));
        Assert.Equal("/program/torch", LibtorchFolder.Candidates(null, "/program")[0].Path);
    }

    [Fact]
    public void Load_FilesThatAreNoLibraries_RepeatsTheLoadersWords()
    {
        foreach (var name in new[] { "libc10.so", "libtorch_cpu.so", "libtorch.so", "libLibTorchSharp.so" })
            File.WriteAllText(InFolder(name), "no library");

        var library = TorchLibrary.Load(Find(new LibtorchFolder(_folder, "test")), threads: 1);

        Assert.Equal($"libtorch from {_folder} (test) cannot be loaded: {InFolder("libc10.so")}: file too short", library.Problem);
        Assert.Null(library.Folder);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private TorchFiles Find(params LibtorchFolder[] folders)
    {
        File.WriteAllText(InFolder("libLibTorchSharp.so"), "");
        return TorchFiles.Find(folders, InFolder("libLibTorchSharp.so"));
    }

    private string InFolder(string name) => Path.Combine(_folder, name);
}
