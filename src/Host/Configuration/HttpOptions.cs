using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AEAnomaly.Host.Configuration;

/// <summary>Sets where health, metrics and the admin API are served (the <c>http</c> section).</summary>
internal sealed class HttpOptions
{
    /// <summary>Gets or sets the address that is listened on.</summary>
    [Required]
    [Description("Address that health, metrics and the admin API are served at; port 0 takes a free one.")]
    public string Listen { get; set; } = "http://127.0.0.1:9464";

    /// <summary>Gets or sets the token that callers of the admin API from other machines must show.</summary>
    /// <value>Default null: the admin API answers callers on the same machine only.</value>
    [Description("Token that callers of the admin API must show (Authorization: Bearer TOKEN); without one it answers callers on the same machine only.")]
    public string? AdminToken { get; set; }
}
