using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AEAnomaly.TestKit.Security;

/// <summary>Issues certificates for a test; nobody outside it trusts them.</summary>
public sealed class CertificateAuthority : IDisposable
{
    private static readonly TimeSpan Life = TimeSpan.FromDays(1);

    private readonly X509Certificate2 _certificate;

    /// <param name="name">Common name.</param>
    public CertificateAuthority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Request(name, key);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        _certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow - Life, DateTimeOffset.UtcNow + Life);
    }

    /// <summary>Gets the authority's own certificate, for those who trust it.</summary>
    public string Pem => _certificate.ExportCertificatePem();

    /// <summary>Issues a certificate for a server or a client.</summary>
    /// <param name="name">Common name.</param>
    /// <param name="hosts">Names and addresses under which a server is reached.</param>
    /// <returns>The certificate and its private key (PKCS #8), both as PEM.</returns>
    public (string Certificate, string Key) Issue(string name, params string[] hosts)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Request(name, key);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        if (hosts.Length > 0)
            request.CertificateExtensions.Add(Alternatives(hosts));
        using var certificate = request.Create(_certificate, _certificate.NotBefore, _certificate.NotAfter, RandomNumberGenerator.GetBytes(8));
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    public void Dispose() => _certificate.Dispose();

    private static CertificateRequest Request(string name, ECDsa key) => new(new X500DistinguishedName($"CN={name}"), key, HashAlgorithmName.SHA256);

    private static X509Extension Alternatives(string[] hosts)
    {
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts)
        {
            if (IPAddress.TryParse(host, out var address))
                alternatives.AddIpAddress(address);
            else
                alternatives.AddDnsName(host);
        }

        return alternatives.Build();
    }
}
