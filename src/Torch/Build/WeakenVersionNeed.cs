using System;
using System.IO;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace AEAnomaly.Torch.Build;

/// <summary>Copies a shared library and marks one symbol version that it needs as weak: on a system that lacks the version it then loads all the same.</summary>
/// <remarks>
/// TorchSharp's library was linked on a system newer than Debian 12. The one symbol that it takes from GLIBCXX_3.4.32 makes sure that the standard streams are
/// initialised; libc10, which is always loaded before, does that itself on older systems. VER_FLG_WEAK is what the ELF format has for "its absence is no error".
/// </remarks>
public sealed class WeakenVersionNeed : Task
{
    private const int SectionHeadersAt = 0x28;
    private const int SectionHeaderSizeAt = 0x3A;
    private const int SectionCountAt = 0x3C;
    private const uint VersionNeedSection = 0x6ffffffe;
    private const byte WeakFlag = 2;

    private byte[] _file = [];

    /// <summary>Gets or sets the library to copy: ELF, 64 bits, little endian.</summary>
    [Required]
    public string Source { get; set; } = "";

    /// <summary>Gets or sets the path of the copy.</summary>
    [Required]
    public string Target { get; set; } = "";

    /// <summary>Gets or sets the name of the symbol version, of which the library must have exactly one need.</summary>
    [Required]
    public string Version { get; set; } = "";

    /// <inheritdoc/>
    public override bool Execute()
    {
        _file = File.ReadAllBytes(Source);
        if (_file.Length < 64 || BitConverter.ToUInt32(_file, 0) != 0x464c457f || _file[4] != 2 || _file[5] != 1)
        {
            Log.LogError("{0} is no shared library of 64 bits for a little-endian machine.", Source);
            return false;
        }

        var found = 0;
        for (var i = 0; i < Word16(SectionCountAt); i++)
        {
            var section = SectionHeader(i);
            if (Word32(section + 4) == VersionNeedSection)
                found += Weaken(Word64(section + 0x18), Word64(SectionHeader((int)Word32(section + 0x28)) + 0x18));
        }

        if (found != 1)
        {
            Log.LogError(
                "{0} needs the symbol version {1} in {2} places, 1 was expected. Where another release of TorchSharp no longer needs it, copy the library as it is.",
                Source, Version, found);
            return false;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Target)!);
        File.WriteAllBytes(Target, _file);
        return true;
    }

    // A list of libraries, each with a list of the versions that are needed of it; links are relative.
    private int Weaken(int library, int names)
    {
        var found = 0;
        for (var isLast = false; !isLast;)
        {
            var version = library + (int)Word32(library + 8);
            for (var i = 0; i < Word16(library + 2); i++)
            {
                if (Name(names + (int)Word32(version + 8)) == Version)
                {
                    _file[version + 4] |= WeakFlag;
                    found++;
                }

                version += (int)Word32(version + 12);
            }

            var next = (int)Word32(library + 12);
            isLast = next == 0;
            library += next;
        }

        return found;
    }

    private int SectionHeader(int index) => Word64(SectionHeadersAt) + (index * Word16(SectionHeaderSizeAt));

    private int Word16(int at) => BitConverter.ToUInt16(_file, at);

    private uint Word32(int at) => BitConverter.ToUInt32(_file, at);

    private int Word64(int at) => checked((int)BitConverter.ToInt64(_file, at));

    private string Name(int at) => Encoding.ASCII.GetString(_file, at, Array.IndexOf(_file, (byte)0, at) - at);
}
