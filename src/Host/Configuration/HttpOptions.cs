using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AEAnomaly.Host.Configuration;

/// <summary>Sets where health, metrics and the admin API are served (the <c>http</c> section).</summary>
internal sealed class HttpOptions
{
    /// <summary>Gets or sets the address that is listened on.</summary>
    [Required]
    [Description("Address that the page, health, metrics and the admin API are served at; port 0 takes a free one.")]
    public string Listen { get; set; } = "http://127.0.0.1:9464";

    /// <summary>Gets or sets the token that callers of the admin API from other machines must show.</summary>
    /// <value>Default null: the admin API answers callers on the same machine only.</value>
    [Description("Token that callers of the admin API must show (Authorization: Bearer TOKEN); without one it answers callers on the same machine only. The page follows the same rule.")]
    public string? AdminToken { get; set; }

    /// <summary>Gets or sets whether a page for people is served at the root of the address.</summary>
    /// <value>Default true.</value>
    [Description("Whether a page for people is served at the root of the address: state, charts, the latest alerts with their reasons, model versions.")]
    public bool Page { get; set; } = true;
}
