"""What happens without anybody asking: time passing, and deliveries going out."""
