using System.Security.Cryptography;

namespace AEAnomaly.Host.Page;

/// <summary>Holds one file of the page, which lies in the assembly.</summary>
/// <param name="Name">Name, say <c>page.js</c>.</param>
/// <param name="ContentType">What it is.</param>
/// <param name="Content">The file.</param>
internal sealed record PageAsset(string Name, string ContentType, byte[] Content)
{
    private const string Prefix = "page/";

    /// <summary>Gets the tag by which a browser knows whether it has the file already.</summary>
    public string Tag { get; } = $"\"{Convert.ToHexStringLower(SHA256.HashData(Content))[..16]}\"";

    /// <summary>Reads all files.</summary>
    public static IReadOnlyList<PageAsset> ReadAll()
    {
        var assembly = typeof(PageAsset).Assembly;
        return
        [
            .. assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(name =>
            {
                using var stream = assembly.GetManifestResourceStream(name)!;
                var content = new byte[stream.Length];
                stream.ReadExactly(content);
                return new PageAsset(name[Prefix.Length..], TypeOf(name), content);
            }),
        ];
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        var other => throw new InvalidOperationException($"{name}: no content type is known for '{other}'."),
    };
}
