"""Pages for members and visitors: small, quick, without a framework or a script, at home in any chat's browser."""
